"""What the desktop's key may do in the object store: in its own bucket, with recordings and clips, and nothing else.

The names of actions and conditions are those of Amazon's "Actions, resources, and condition keys for Amazon S3", which MinIO speaks too.
"""

from __future__ import annotations

import json
from typing import Any

from skiuo_desktop.backend.keys import CLIPS, RECORDINGS

NAME = "skiuo-desktop"
"""What the policy is called in the commands that apply it."""

_PREFIXES = (RECORDINGS, CLIPS)


def policy(bucket: str, *, amazon: bool = False) -> dict[str, Any]:
    """The least that mirror, check, rebuild and playing need. The bucket itself, its rules and everything beside those two folders stay the administrator's.

    `amazon`: for Amazon's own S3. There a question for an object that is missing is answered with 403 instead of 404 unless the whole bucket may be listed.
    """
    whole = f"arn:aws:s3:::{bucket}"
    listing: dict[str, Any] = {"Effect": "Allow", "Action": ["s3:ListBucket"], "Resource": [whole]}
    if not amazon:
        listing["Condition"] = {"StringLike": {"s3:prefix": [f"{prefix}*" for prefix in _PREFIXES]}}
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": ["s3:GetBucketLocation", "s3:GetLifecycleConfiguration", "s3:ListBucketMultipartUploads"],
                "Resource": [whole],
            },
            listing,
            {
                "Effect": "Allow",
                "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
                "Resource": [f"{whole}/{prefix}*" for prefix in _PREFIXES],
            },
        ],
    }


def policy_text(bucket: str, host: str) -> str:
    """The policy as JSON, as it is given to `mc` or `aws`. `host`: of the store, with or without a port."""
    return json.dumps(policy(bucket, amazon=is_amazon(host)), indent=2)


def is_amazon(host: str) -> bool:
    return host.rpartition(":")[0].endswith(".amazonaws.com") if ":" in host else host.endswith(".amazonaws.com")


def commands(host: str, access_key: str) -> list[str]:
    """What an administrator types to apply it; the secret key is asked for by the program itself. `access_key`: the desktop's."""
    user = access_key or "ACCESS_KEY"
    if is_amazon(host):
        return [f"aws iam put-user-policy --user-name USER --policy-name {NAME} --policy-document file://{NAME}.json"]
    return [
        f"mc admin policy create ALIAS {NAME} {NAME}.json",
        f"mc admin user add ALIAS {user}",
        f"mc admin policy attach ALIAS {NAME} --user {user}",
    ]
