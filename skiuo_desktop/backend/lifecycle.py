"""The bucket's lifecycle rules: ours set and read back, those of others left as they are.

Worked on as XML (PutBucketLifecycleConfiguration of the S3 API): a rule of others that is read into values and written again would lose what this
client does not know.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree import ElementTree

from skiuo_desktop.backend.keys import CLIPS, RECORDINGS

OWN = {"skiuo-recordings": RECORDINGS, "skiuo-clips": CLIPS}
"""Our rules and the keys that they are about."""

UNFINISHED_DAYS = 7
"""After which the store gives up an upload that nobody went on with."""

_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/"


@dataclass(frozen=True, slots=True)
class LifecycleRule:
    """A rule as the bucket says it. None where the rule does not say it."""

    id: str
    prefix: str
    enabled: bool
    days: int | None = None  # after which objects are removed
    cold_after_days: int | None = None
    cold_class: str = ""
    unfinished_days: int | None = None
    conditional: bool = False
    """Only some of the objects with that prefix: those with a tag, or of a size."""

    @property
    def own(self) -> bool:
        return self.id in OWN


def read(text: str) -> ElementTree.Element:
    """The rules as XML without namespaces; an empty configuration for an empty text. Raises ParseError."""
    if not text.strip():
        return ElementTree.Element("LifecycleConfiguration")
    root = ElementTree.fromstring(text)  # noqa: S314  # from the person's own server; expat bounds what entities may grow to
    for element in root.iter():
        element.tag = element.tag.rpartition("}")[2]
    return root


def rules(root: ElementTree.Element) -> list[LifecycleRule]:
    return [
        LifecycleRule(
            id=rule.findtext("ID") or "",
            prefix=rule.findtext("Filter/Prefix") or rule.findtext("Filter/And/Prefix") or rule.findtext("Prefix") or "",
            enabled=rule.findtext("Status") == "Enabled",
            days=_number(rule.findtext("Expiration/Days")),
            cold_after_days=_number(rule.findtext("Transition/Days")),
            cold_class=rule.findtext("Transition/StorageClass") or "",
            unfinished_days=_number(rule.findtext("AbortIncompleteMultipartUpload/DaysAfterInitiation")),
            conditional=any(part.tag not in ("Prefix", "And") for part in rule.iterfind("Filter/*"))
            or any(part.tag != "Prefix" for part in rule.iterfind("Filter/And/*")),
        )
        for rule in root.findall("Rule")
    ]


def days_of(key: str, rules: Sequence[LifecycleRule]) -> int | None:
    """After how many days the bucket removes the object of this key; None: never, as far as its rules say."""
    return min((rule.days for rule in rules if rule.enabled and rule.days and not rule.conditional and key.startswith(rule.prefix)), default=None)


def changed(root: ElementTree.Element, days: int | None, cold_after_days: int | None, cold_class: str, *, unfinished: bool) -> bytes:
    """The configuration with our rules in place of earlier ones, as a request's body; empty where no rule is left.

    `unfinished`: whether uploads that were never completed are removed, too. Some releases of MinIO refuse such a rule: they remove them by themselves.
    """
    made = ElementTree.Element("LifecycleConfiguration", {"xmlns": _NAMESPACE})
    made.extend(rule for rule in root.findall("Rule") if rule.findtext("ID") not in OWN)
    for name, prefix in OWN.items():
        actions = _actions(days, cold_after_days, cold_class, unfinished)
        if actions:
            rule = _add(made, "Rule")
            _add(rule, "ID", name)
            _add(rule, "Status", "Enabled")
            _add(_add(rule, "Filter"), "Prefix", prefix)
            rule.extend(actions)
    return ElementTree.tostring(made) if len(made) else b""


def _actions(days: int | None, cold_after_days: int | None, cold_class: str, unfinished: bool) -> Sequence[ElementTree.Element]:
    actions = []
    if days is not None:
        actions.append(ElementTree.Element("Expiration"))
        _add(actions[-1], "Days", str(days))
    if cold_after_days is not None and cold_class:
        actions.append(ElementTree.Element("Transition"))
        _add(actions[-1], "Days", str(cold_after_days))
        _add(actions[-1], "StorageClass", cold_class)
    if unfinished:
        actions.append(ElementTree.Element("AbortIncompleteMultipartUpload"))
        _add(actions[-1], "DaysAfterInitiation", str(UNFINISHED_DAYS))
    return actions


def _add(parent: ElementTree.Element, name: str, text: str | None = None) -> ElementTree.Element:
    made = ElementTree.SubElement(parent, name)
    made.text = text
    return made


def _number(text: str | None) -> int | None:
    return int(text) if text and text.strip().isdigit() else None
