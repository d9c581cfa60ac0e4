"""What is seen of the user's own servers, and what to do about it, in English and Chinese: one sentence for each code.

Hops and errors carry a `Remark`: a code and its facts. The words are made where they are shown. English is also what `BackendHop.detail`, `.advice` and
`str(error)` hold, so that logs and scripts read one language.
"""

from __future__ import annotations

from collections.abc import Iterable
from string import Formatter
from typing import Any, TypeVar

from skiuo_desktop.errors import SkiuoError
from skiuo_desktop.model import Remark

E = TypeVar("E", bound=SkiuoError)

# A fact in braces is text, a number, or another remark, which is said in the same language.
_SEEN: dict[str, tuple[str, str]] = {
    # Words that somebody else chose: a server, or an error that has no code here.
    "words": ("{words}", "{words}"),
    "said": ("{words}", "{cause}：{words}"),
    "both": ("{one} {other}", "{one}；{other}"),
    "bug": ("Something went wrong inside Skiuo ({name}); the log has the details.", "Skiuo 内部出错（{name}），详情见日志。"),
    # Causes in a few words, one for each `BackendTrouble`.
    "unreachable": ("it cannot be reached", "无法连接"),
    "tls": ("the certificate is not trusted", "证书不受信任"),
    "expired": ("the certificate has expired", "证书已过期"),
    "plain": ("the connection would not be encrypted", "连接未加密"),
    "clock": ("the clocks differ too much", "时钟相差过大"),
    "denied": ("the key or password is not accepted, or does not allow this", "密钥或密码不被接受，或权限不足"),
    "missing": ("it is not there", "不存在"),
    "full": ("there is no more space", "空间已满"),
    "busy": ("the server is busy", "服务器繁忙"),
    "newer": ("a newer version of this program made it", "由更新版本的程序创建"),
    "older": ("it is older than this program", "版本比本程序旧"),
    "different": ("what arrived is not what was sent", "收到的内容与发送的不一致"),
    "refused": ("the request was refused", "请求被拒绝"),
    # The way to a server.
    "name_unknown": ("the name {name} is not known", "找不到域名 {name}"),
    "name_is": ("{name} is {addresses}", "{name} 的地址为 {addresses}"),
    "name_is_address": ("{name} is an address", "{name} 本身就是地址"),
    "socket": ("a socket of this computer", "本机套接字"),
    "answers": ("{place} answers, from {peer}", "{place} 有应答，来自 {peer}"),
    "port": ("port {port} of {host}: {why}", "{host} 的端口 {port}：{why}"),
    "no_answer": ("no answer", "没有应答"),
    "nobody_listens": ("{words}", "连接被拒绝"),
    "no_way": ("{words}", "网络不通"),
    "no_tls": ("it does not speak TLS at this port ({reason})", "该端口不支持 TLS（{reason}）"),
    "no_tls_here": ("it does not speak TLS at this port.", "该端口不支持 TLS"),
    "speaks_no_tls": ("{place} speaks no TLS", "{place} 不支持 TLS"),
    "speaks_no_tls_allowed": ("{place} speaks no TLS, which you allowed for this host", "{place} 不支持 TLS，您已允许该主机不加密"),
    "plain_http": ("plain http, which you allowed for this host", "未加密的 http，您已允许该主机不加密"),
    "no_tls_allowed": ("no TLS, which you allowed for this host", "未使用 TLS，您已允许该主机不加密"),
    "handshake_cut": ("cut off in the TLS handshake: {why}", "TLS 握手时连接中断：{why}"),
    "untrusted": ("the certificate is not trusted: {why}", "证书不受信任：{why}"),
    "unchecked": ("{version}; nobody checks the certificate", "{version}；未验证证书"),
    "certificate": ("{version}; certificate of {name}, until {until}", "{version}；{name} 的证书，有效至 {until}"),
    "certificate_by": ("{version}; certificate of {name}, by {authority}, until {until}", "{version}；{name} 的证书，由 {authority} 签发，有效至 {until}"),
    "ca_unreadable": ("The certificate file {path} cannot be read: {why}.", "无法读取证书文件 {path}：{why}。"),
    "ca_no_pem": ("The certificate file {path} cannot be read: it holds no PEM certificate.", "无法读取证书文件 {path}：其中没有 PEM 证书。"),
    # Why a certificate is not trusted: the numbers are OpenSSL's (X509_V_ERR_…, openssl-verification-options).
    "certificate_9": ("{words}", "尚未生效"),
    "certificate_10": ("{words}", "已过期"),
    "certificate_18": ("{words}", "自签名"),
    "certificate_19": ("{words}", "证书链中有不受信任的自签名证书"),
    "certificate_20": ("{words}", "签发机构不受信任"),
    "certificate_62": ("{words}", "与主机名不符"),
    "certificate_64": ("{words}", "与地址不符"),
    # An object store.
    "no_store": ("its answer is not that of an object store.", "回应不像对象存储"),
    "no_store_status": ("its answer is not that of an object store (HTTP {status}).", "回应不像对象存储（HTTP {status}）"),
    "clocks_agree": ("the clocks agree", "时钟一致"),
    "clock_ahead": ("the server's clock is {seconds} s ahead of this computer's", "服务器时钟比本机快 {seconds} 秒"),
    "clock_behind": ("the server's clock is {seconds} s behind this computer's", "服务器时钟比本机慢 {seconds} 秒"),
    "key_known": ("the key is known", "密钥有效"),
    "bucket_there": ("{bucket} is there", "存储桶 {bucket} 存在"),
    "clip_stored": ("a clip of {size} in {ms} ms", "{size} 的片段，用时 {ms} 毫秒"),
    "rate": ("{rate}/s", "{rate}/s"),
    "rate_limited": ("{rate}/s, under your limit of {limit}/s", "{rate}/s，您的限速为 {limit}/s"),
    "same": ("the same bytes, and what is written beside them", "内容与元数据均一致"),
    "clip_different": ("the clip came back different", "读回的片段与存入的不一致"),
    "metadata_different": ("what is written beside the clip came back different", "读回的元数据与存入的不一致"),
    "link": ("a signed address at {place} gives the clip to whoever has it", "{place} 的签名链接可取得片段"),
    "link_problem": ("a signed address at {place}: {why}", "{place} 的签名链接：{why}"),
    "link_status": ("HTTP {status}", "HTTP {status}"),
    "link_other": ("it gives something else", "取得的内容不符"),
    "link_failed": ("cannot be fetched ({error})", "无法取得（{error}）"),
    "public": ("models on the internet can fetch clips from here", "互联网上的模型可从这里获取片段"),
    "address_unreadable": ("The address cannot be read.", "无法识别该地址。"),
    "address_no_https": ("The address is not reached by https.", "该地址不是 https 地址。"),
    "host_no_https": ("{host} is not reached by https.", "{host} 不是 https 地址。"),
    "host_local": ("{host} is a name of this network only.", "{host} 只是本网络内的名称。"),
    "host_unknown": ("The name {host} is not known.", "找不到域名 {host}。"),
    "host_private": ("{host} is at {address}, an address that is not reached from the internet.", "{host} 的地址为 {address}，无法从互联网访问。"),
    "clip_gone": ("the clip is gone again", "片段已移除"),
    "clip_leaving": ("the clip is being removed.", "该片段正在移除"),
    "clip_stays": ("the clip is still there after it was removed", "移除后片段仍然存在"),
    "no_rules": ("This store has no lifecycle rules: it keeps video until somebody removes it.", "该存储不支持生命周期规则：视频会一直保留，直到有人移除。"),
    "rules_differ": ("{found}; your settings say: {wanted}", "{found}；而您的设置为：{wanted}"),
    "kept": ("video is kept without end", "视频长期保留"),
    "removed": ("video is removed after {days}", "视频在 {days}后移除"),
    "cold": ("{removed}, and moves to {cold_class} after {days}", "{removed}，并在 {days}后转入 {cold_class}"),
    "days": ("{count} days", "{count} 天"),
    "day": ("1 day", "1 天"),
    # A database.
    "no_postgresql": ("what answers at {place} is no PostgreSQL", "{place} 上应答的不是 PostgreSQL"),
    "as_user": ("as {user}", "以 {user} 的身份"),
    "as_nobody": ("as the user of this computer", "以本机用户的身份"),
    "standby": ("the server that answers is a standby, which takes no rows", "应答的是备用服务器，不接受写入"),
    "database_at": ("{name} at {place}", "{place} 上的 {name}"),
    "version": ("PostgreSQL {version}", "PostgreSQL {version}"),
    "schema": ("the schema is {revision}, as this program's", "数据表版本为 {revision}，与本程序一致"),
    "no_tables": ("no tables in the schema {schema}", "模式 {schema} 中没有数据表"),
    "schema_other": ("schema {found}, this program's is {wanted}", "数据表版本为 {found}，本程序的版本为 {wanted}"),
    "schema_stays": ("its schema could not be updated: {why}", "无法更新数据表：{why}"),
    "encoding": ("the database's encoding is {encoding}, and only UTF8 holds every text", "数据库编码为 {encoding}，只有 UTF8 能保存全部文字"),
    "no_connection": ("no free connection", "没有空闲连接"),
    "row_foreign": ("the row {key} of {table} belongs to another device", "{table} 中的记录 {key} 属于另一台设备"),
    "row": ("a row was written, read and removed", "已写入、读取并移除一条记录"),
    "may_everything": ("{role} may everything, which the mirror does not need", "{role} 拥有全部权限，镜像并不需要"),
    "may_make_others": ("{role} may make databases or roles, which the mirror does not need", "{role} 可创建数据库或角色，镜像并不需要"),
    "may_make_schemas": ("{role} may make schemas in this database, which the mirror does not need", "{role} 可在该数据库中创建模式，镜像并不需要"),
    "may_enough": ("{role} may do no more than it needs", "{role} 只有所需的权限"),
    # What is sent and fetched.
    "file_unreadable": ("{name} cannot be read: {why}. It is sent when it is back.", "无法读取 {name}：{why}。恢复后会自动发送。"),
    "video_not_kept": ("The video could not be kept in {folder}: {why}.", "无法将视频保存到 {folder}：{why}。"),
    "no_room": (
        "There is no room for the video ({size}) besides what is kept free for recording. Free some space on the disk.",
        "除去为录制保留的空间，磁盘放不下该视频（{size}）。请清理磁盘空间。",
    ),
    "no_database": (
        "Other devices are known from a database, and none is configured: `skiuo backend set --dsn`.",
        "其他设备的内容来自数据库，目前尚未设置。请在“自有服务器”中设置。",
    ),
    "no_store_set": (
        "Videos come from an object store, and none is configured: `skiuo backend set --s3`.",
        "视频来自对象存储，目前尚未设置。请在“自有服务器”中设置。",
    ),
    "no_access_key": ("The object store needs an access key: `skiuo backend set`.", "对象存储需要访问密钥 ID。请在“自有服务器”中设置。"),
    "no_secret_key": ("The object store needs a secret key: `skiuo backend set`.", "对象存储需要私密密钥。请在“自有服务器”中设置。"),
    # Keys and passwords.
    "env_unset": ("The environment variable {name} is not set.", "环境变量 {name} 未设置。"),
    "run_over": ("The key '{name}' was given for an earlier run only; enter it again.", "密钥“{name}”只用于之前的一次运行，请重新输入。"),
    "keyring_unreadable": ("The system's keyring cannot be read ({why}). Use env:VARIABLE instead.", "无法读取系统密钥环（{why}）。请改用环境变量。"),
    "keyring_empty": ("The keyring has no key named '{name}'; enter it again.", "密钥环中没有名为“{name}”的密钥，请重新输入。"),
    "env_not_written": (
        "Set the environment variable {name} yourself: the program does not write it.",
        "请自行设置环境变量 {name}：程序不会写入环境变量。",
    ),
    "keyring_unwritable": (
        "The system's keyring cannot be written ({why}). Use the key for this run only, or env:VARIABLE.",
        "无法写入系统密钥环（{why}）。请仅在本次运行中使用该密钥，或改用环境变量。",
    ),
    "keyring_stays": ("The system's keyring cannot be written ({why}).", "无法写入系统密钥环（{why}）。"),
    # Addresses that a person writes.
    "bucket_name": (
        "'{name}' is no name of a bucket: 3 to 63 small letters, digits, hyphens and dots.",
        "“{name}”不是有效的存储桶名称：应为 3 至 63 个小写字母、数字、连字符和点。",
    ),
    "no_keys": ("An object store needs an access key and a secret key.", "对象存储需要访问密钥 ID 和私密密钥。"),
    "address_keys": (
        "An address holds no keys: it would end in a file. Give them separately.",
        "地址中不能包含密钥，否则会被写入文件。请单独填写密钥。",
    ),
    "store_keys_inside": ("An address holds no keys; give them separately.", "地址中不能包含密钥，请单独填写。"),
    "store_address": ("An object store's address is https://HOST or https://HOST:PORT.", "对象存储的地址应为 https://主机 或 https://主机:端口。"),
    "store_address_longer": (
        "The address of the object store {host} has more than host and port; the bucket is given separately.",
        "对象存储 {host} 的地址只能包含主机和端口；存储桶请单独填写。",
    ),
    "database_address": (
        "This is no address of a database. It is written as postgresql://skiuo@db.example/skiuo.",
        "这不是数据库地址。应写成 postgresql://skiuo@db.example/skiuo。",
    ),
    "database_host": (
        "A database's address names its host and database, such as postgresql://skiuo@db.example/skiuo.",
        "数据库地址须包含主机和数据库名，例如 postgresql://skiuo@db.example/skiuo。",
    ),
    "database_sslmode": (
        "sslmode={mode} would not check who answers. Leave it out; a private authority's certificate is given separately.",
        "sslmode={mode} 不会验证对方身份。请去掉该参数；私有机构的证书请单独提供。",
    ),
    "database_password": (
        "A database's address holds no password: it would end in a file. Give the password separately.",
        "数据库地址中不能包含密码，否则会被写入文件。请单独填写密码。",
    ),
    "database_ports": (
        "The ports of the database's address have to fit its hosts: one for all, or one for each.",
        "数据库地址中的端口须与主机对应：共用一个，或每台主机一个。",
    ),
}

_ADVICE: dict[str, tuple[str, str]] = {
    "look_at_network": ("Check the network, the address and that the server runs.", "请检查网络和地址，并确认服务器正在运行。"),
    "give_authority": (
        "Where a private authority has signed it, give that authority's certificate: `skiuo backend set --ca FILE`.",
        "若由私有机构签发，请在“加密”处选择该机构的证书。",
    ),
    "renew_now": (
        "Renew the certificate on the server. Where this computer's clock is wrong, set it.",
        "请在服务器上更新证书。若本机时钟有误，请校准时钟。",
    ),
    "encrypt_or_allow": (
        "Use https or TLS; or allow it for this host: `skiuo backend set --allow-http`.",
        "请使用 https 或 TLS，或在“加密”处允许该主机不加密。",
    ),
    "set_clock": ("Set the clock of this computer or of the server.", "请校准本机或服务器的时钟。"),
    "set_clocks": ("Set the clocks: beyond {minutes} minutes the store refuses everything.", "请校准时钟：相差超过 {minutes} 分钟时，存储会拒绝所有请求。"),
    "enter_again": (
        "Enter the key or password again with `skiuo backend set`; `skiuo backend init --print-only` prints what it has to be allowed.",
        "请重新输入密钥或密码；所需权限可用 skiuo backend init --print-only 列出。",
    ),
    "init_makes": ("`skiuo backend init` makes it, with an administrator's key or password.", "可用 skiuo backend init 创建，需要管理员的密钥或密码。"),
    "free_space": ("Free some space on the server, or raise the quota.", "请清理服务器空间，或提高配额。"),
    "later": ("Try again a little later.", "请稍后重试。"),
    "update": ("Update this program.", "请更新本程序。"),
    "init_updates": ("`skiuo backend init` brings it up to date, with an administrator's password.", "可用 skiuo backend init 更新，需要管理员的密码。"),
    "something_changes": (
        "Something on the way or in the store changes what passes: look for a proxy, and at the store's disks.",
        "途中或存储中有环节改动了数据：请检查代理以及存储的磁盘。",
    ),
    "look_at_log": ("Look at the server's log.", "请查看服务器日志。"),
    "bucket_rights": (
        "Check the bucket's name. Where it is right, this key has no rights there: `skiuo backend init --print-only` prints them.",
        "请检查存储桶名称。若名称无误，则该密钥在其中没有权限：所需权限可用 skiuo backend init --print-only 列出。",
    ),
    "role_rights": (
        "This role has no rights there: `skiuo backend init --create-role`, with an administrator's password.",
        "该角色没有权限：可用 skiuo backend init --create-role 授予，需要管理员的密码。",
    ),
    "let_it_encrypt": ("Whoever is on the way can read everything. Let the server speak TLS.", "途中的任何人都能读取全部内容。请让服务器启用 TLS。"),
    "check_certificate": ("Leave sslmode out of the address: then it is checked.", "去掉地址中的 sslmode 参数，即可验证证书。"),
    "renew": ("Renew the certificate soon: from then on nothing is sent.", "请尽快更新证书：到期后将无法发送。"),
    "one_is_enough": ("One of several hosts is enough to go on; the others stand in for it.", "多台主机中有一台可用即可；其余作为备用。"),
    "from_here_normal": ("From this network it may be normal; models outside have to reach it.", "从本网络访问不到可能属于正常；外部的模型须能访问它。"),
    "sent_inside": (
        "So clips are sent to models inside the question. Where the store has a public https address: `--public-s3 URL`.",
        "因此片段会随请求直接发送给模型。若存储有公开的 https 地址，请填写公网地址。",
    ),
    "nobody_removes": ("Your settings say that {wanted}: nobody does that.", "而您的设置为：{wanted}，目前没有执行者。"),
    "init_sets_rule": ("`skiuo backend init` sets the bucket's rule.", "可用 skiuo backend init 设置存储桶的规则。"),
    "init_less": ("`skiuo backend init --print-only` prints one that may less.", "可用 skiuo backend init --print-only 列出一个权限更小的角色。"),
}

# On the page that has the fields: these in place of the options of the command line, and a step's line beside its title, in a few words.
_ON_PAGE: dict[str, tuple[str, str]] = {
    "give_authority": ("Where a private authority has signed it, choose that authority's certificate under Encryption.", _ADVICE["give_authority"][1]),
    "encrypt_or_allow": ("Use https or TLS, or allow it for this host under Encryption.", _ADVICE["encrypt_or_allow"][1]),
    "enter_again": (
        "Enter the key or password again; `skiuo backend init --print-only` prints what it has to be allowed.",
        _ADVICE["enter_again"][1],
    ),
    "sent_inside": (
        "So clips are sent to models inside the question. Where the store has a public https address, write that, too.",
        _ADVICE["sent_inside"][1],
    ),
    "name_is": ("{addresses}", "{addresses}"),
    "said": ("{words}", "{cause}"),
    "port": ("{why}", "{why}"),
    "untrusted": ("not trusted", "不受信任"),
    "answers": ("{place} answers", "{place} 有应答"),
    "plain_http": ("plain http, allowed", "未加密，已允许"),
    "no_tls_allowed": ("no TLS, allowed", "未加密，已允许"),
    "speaks_no_tls_allowed": ("no TLS, allowed", "未加密，已允许"),
    "certificate": ("{version}, good until {until}", "{version}，有效至 {until}"),
    "certificate_by": ("{version}, good until {until}", "{version}，有效至 {until}"),
    "key_known": ("known", "有效"),
    "clocks_agree": ("as here", "一致"),
    "clock_ahead": ("{seconds} s ahead of this one", "比本机快 {seconds} 秒"),
    "clock_behind": ("{seconds} s behind this one", "比本机慢 {seconds} 秒"),
    "bucket_there": ("{bucket} is there", "{bucket} 存在"),
    "clip_stored": ("{size} in {ms} ms", "{size}，{ms} 毫秒"),
    "rate_limited": ("{rate}/s, limited", "{rate}/s，已限速"),
    "same": ("the same bytes", "内容一致"),
    "link": ("it gives the clip", "可取得片段"),
    "public": ("from the internet, too", "互联网可访问"),
    "host_local": ("only from this network", "仅限本网络"),
    "host_private": ("only from this network", "仅限本网络"),
    "host_no_https": ("not without https", "需要 https"),
    "no_rules": ("the store knows none", "存储不支持"),
    "clip_gone": ("gone again", "已移除"),
    "removed": ("{days}", "{days}"),
    "kept": ("none", "无"),
    "database_at": ("{name}", "{name}"),
    "schema": ("{revision}, as this program's", "{revision}，与本程序一致"),
    "row": ("written, read and removed", "写入、读取、移除均可"),
    "may_everything": ("more than it needs", "超出所需"),
    "may_make_others": ("more than it needs", "超出所需"),
    "may_make_schemas": ("more than it needs", "超出所需"),
    "may_enough": ("no more than it needs", "仅限所需"),
}

# What went wrong with a server: one for each `BackendTrouble`.
_TROUBLES: dict[str, tuple[str, str]] = {
    "server_unreachable": ("{server} cannot be reached. Check the network and the address.", "无法连接 {server}。请检查网络和地址。"),
    "server_tls": (
        "The certificate of {server} is not trusted. Where a private authority has signed it, give that authority's certificate.",
        "{server} 的证书不受信任。若由私有机构签发，请提供该机构的证书。",
    ),
    "server_expired": ("The certificate of {server} has expired. Renew it on the server.", "{server} 的证书已过期。请在服务器上更新证书。"),
    "server_plain": (
        "The connection to {server} would not be encrypted. Use https or TLS, or allow it for this host.",
        "与 {server} 的连接未加密。请使用 https 或 TLS，或对该主机明确允许。",
    ),
    "server_clock": ("The clocks of this computer and {server} differ too much. Set the clock.", "本机与 {server} 的时钟相差过大。请校准时钟。"),
    "server_denied": ("{server} does not accept the key or password, or they do not allow this.", "{server} 不接受该密钥或密码，或其权限不足。"),
    "server_missing": (
        "{server} does not have the bucket, the database or its tables. `skiuo backend init` makes them.",
        "{server} 上没有该存储桶、数据库或数据表。可用 skiuo backend init 创建。",
    ),
    "server_full": ("{server} has no more space. Free some, or raise its quota.", "{server} 空间已满。请清理空间或提高配额。"),
    "server_busy": ("{server} is busy. It is asked again by itself.", "{server} 繁忙，稍后会自动重试。"),
    "server_newer": (
        "The database at {server} was made by a newer version of this program. Update the program.",
        "{server} 的数据库由更新版本的程序创建。请更新本程序。",
    ),
    "server_older": (
        "The database at {server} must be brought up to date by its administrator: `skiuo backend init`.",
        "{server} 的数据库需由管理员更新：skiuo backend init。",
    ),
    "server_different": ("What arrived at {server} is not what was sent. It is sent again.", "{server} 收到的内容与发送的不一致，将重新发送。"),
    "server_refused": ("{server} refused: {detail}", "{server} 拒绝了请求：{detail}"),
}

CODES = _SEEN | _ADVICE | _TROUBLES
"""(English, Chinese) of every code."""


def sentence(what: Remark, language: str = "en", *, on_page: bool = False) -> str:
    """The words in `language`. `on_page`: for the page that has the fields and the steps, not for a terminal."""
    text = (CODES | _ON_PAGE if on_page else CODES)[what.code][language == "zh"]
    return text.format_map({name: _fact(value, language, on_page) for name, value in what.facts.items()})


def joined(several: Iterable[Remark], language: str = "en", *, on_page: bool = False) -> str:
    return ("；" if language == "zh" else "; ").join(sentence(each, language, on_page=on_page) for each in several)


def error(kind: type[E], code: str, **facts: Any) -> E:
    """An error of `kind` that says this remark; it carries it, so that it can be said in another language."""
    remark = Remark(code, facts)
    made = kind(sentence(remark))
    made.remark = remark
    return made


def as_json(what: Remark) -> dict[str, Any]:
    """For a row that keeps it; `from_json` reads it."""
    return {"code": what.code, "facts": {name: _plain(value) for name, value in what.facts.items()}}


def from_json(kept: Any) -> Remark | None:
    """None for what is no remark of this program's: nothing, or one that a newer program has kept."""
    if not isinstance(kept, dict) or not isinstance(kept.get("code"), str) or kept["code"] not in CODES or not isinstance(kept.get("facts"), dict):
        return None
    made = Remark(kept["code"], {name: _kept(value) for name, value in kept["facts"].items()})
    return made if None not in made.facts.values() and all(_facts_of(text) <= made.facts.keys() for text in CODES[made.code]) else None


def _plain(value: Any) -> Any:
    return as_json(value) if isinstance(value, Remark) else [_plain(each) for each in value] if isinstance(value, tuple) else value


def _kept(value: Any) -> Any:
    return from_json(value) if isinstance(value, dict) else tuple(map(_kept, value)) if isinstance(value, list) else value


def _facts_of(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _fact(value: Any, language: str, on_page: bool) -> str:
    if isinstance(value, Remark):
        return sentence(value, language, on_page=on_page)
    if isinstance(value, tuple):
        return joined(value, language, on_page=on_page)
    return str(value)
