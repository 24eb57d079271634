"""What a server of SQL is, and whether what it has confirmed outlives a power cut."""

import re
from collections.abc import Callable, Mapping

from sqlalchemy import Connection

from marquee.engines.sql import raw
from marquee.engines.sql.mysql import OLDEST_MARIADB, OLDEST_MYSQL
from marquee.engines.sql.postgresql import OLDEST
from marquee.kit.findings import Finding, ok, unseen, warning, wrong

NAMES = ("fsync", "full_page_writes", "synchronous_commit", "server_version", "server_version_num")
SAFE = "each commit is on the disk before it is confirmed"
VARIABLES = """SHOW GLOBAL VARIABLES WHERE variable_name IN ('version', 'log_bin', 'sync_binlog',
    'innodb_flush_log_at_trx_commit', 'innodb_doublewrite', 'read_only')"""


def postgresql(connection: Connection) -> list[Finding]:
    said = ", ".join(f"current_setting('{name}')" for name in NAMES)
    found = raw.row(connection, f"SELECT {said}, pg_is_in_recovery(), current_database()") or ()
    told = dict(zip((*NAMES, "is_standby", "database"), found, strict=True))
    number = told["server_version"].split()[0]
    is_old = int(told["server_version_num"]) < OLDEST
    version = _version(f"PostgreSQL {number}", "13", is_old=is_old)
    return [version, *_durable_postgresql(told), *_writable(is_standby=told["is_standby"])]


def mysql(connection: Connection) -> list[Finding]:
    told = {name.lower(): str(value).upper() for name, value in raw.rows(connection, VARIABLES)}
    full = told.get("version", "")
    is_mariadb = "MARIADB" in full
    oldest = OLDEST_MARIADB if is_mariadb else OLDEST_MYSQL
    numbers = re.findall(r"\d+", full)[:3]
    name = f"{'MariaDB' if is_mariadb else 'MySQL'} {'.'.join(numbers)}"
    is_old = tuple(map(int, numbers[:2])) < oldest
    version = _version(name, ".".join(map(str, oldest)), is_old=is_old)
    return [version, *_durable_mysql(told), *_writable(is_standby=told.get("read_only") == "ON")]


SETTINGS: Mapping[str, Callable[[Connection], list[Finding]]] = {
    "postgresql": postgresql,
    "mysql": mysql,
}


def _version(name: str, oldest: str, *, is_old: bool) -> Finding:
    if is_old:
        return wrong("version", name, f"Update it: {oldest} is the oldest that will do.")
    return ok("version", name)


def _durable_postgresql(told: Mapping[str, str]) -> list[Finding]:
    found = [
        wrong("durability", f"{name} is off", f"Set {name} = on and reload the server.")
        for name in ("fsync", "full_page_writes")
        if told[name] != "on"
    ]
    if told["synchronous_commit"] == "off":
        detail = "synchronous_commit is off for this database; our own connections ask for on"
        advice = f"ALTER DATABASE {told['database']} RESET synchronous_commit, or set it to on."
        found.append(warning("durability", detail, advice))
    return found or [ok("durability", SAFE)]


def _durable_mysql(told: Mapping[str, str]) -> list[Finding]:
    flush = told.get("innodb_flush_log_at_trx_commit")
    found = []
    if flush is None:
        found.append(unseen("durability", "innodb_flush_log_at_trx_commit"))
    elif flush != "1":
        name = "innodb_flush_log_at_trx_commit"
        found.append(wrong("durability", f"{name} is {flush}", f"SET GLOBAL {name} = 1, for good."))
    if told.get("log_bin") == "ON" and told.get("sync_binlog") != "1":
        detail = f"the binary log is synced by {told.get('sync_binlog')}, not with each commit"
        found.append(warning("durability", detail, "SET GLOBAL sync_binlog = 1, for good."))
    if told.get("innodb_doublewrite", "ON") in {"OFF", "0"}:
        advice = "Switch innodb_doublewrite on, unless the disk writes whole pages or none."
        found.append(warning("durability", "innodb_doublewrite is off", advice))
    return found or [ok("durability", SAFE)]


def _writable(*, is_standby: bool) -> list[Finding]:
    if not is_standby:
        return []
    advice = "Name the server that takes changes in the URL."
    return [wrong("writable", "it only answers reads, as a replica does", advice)]
