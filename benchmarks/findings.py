"""What the tests of the promises found, in words."""

from collections.abc import Mapping
from typing import Any

from benchmarks import served

Found = Mapping[str, Mapping[str, Any]]


def kept(f: Found) -> str:
    kills, cuts, control, end = f["F1"], f["F2"]["full"], f["F2"]["normal"], f["O1"]
    faults = [one for one in f["F3"].values() if "faults" in one]
    return (
        f"{kills['acknowledged']:,} acknowledged over {kills['kills']} kills: lost {kills['lost']}, "
        f"unexpected {kills['unexpected']}, in doubt {kills['in_doubt']}, of them kept "
        f"{kills['recovered']}; restart {kills['restart_median_s']} s, at most "
        f"{kills['restart_longest_s']} s. {cuts['cuts']:,} power cuts "
        f"({', '.join(f['F2']['models'])} of what was not synced lost), "
        f"{cuts['acknowledged']:,} acknowledged: lost {cuts['lost']}, events that do not match "
        f"{cuts['mismatched']}, corrupt {cuts['corrupt']} (with synchronous=NORMAL, as a control: "
        f"{control['lost']:,} of {control['acknowledged']:,} lost). "
        f"{sum(one['faults'] for one in faults)} disks that failed at one call: refused "
        f"{sum(one['refused'] for one in faults)}, lost or broken "
        f"{sum(one['trouble'] for one in faults)}. SIGTERM: {end['finished']} of "
        f"{end['running']} running requests finished, lost {end['lost']}, ended in {end['exit_s']} s"
    )


def once(f: Found) -> str:
    lost = f["F7"]
    return (
        f"{lost['lost_answers']:,} lost answers asked for again: {lost['replayed']:,} the same, "
        f"duplicates {lost['duplicates']}; {lost['eight_at_once']} times eight at once: one each"
    )


def tallies(f: Found) -> str:
    crowd = f["F13"]
    return (
        f"{crowd['writes']:,} writes and {crowd['moderated']:,} moderations at once, "
        f"{crowd['reads']:,} reads: tallies that differ from a recount {crowd['differences']} of "
        f"{crowd['compared']}; of {crowd['same_review_at_once']} posts of one review at once one "
        f"stood, {crowd['rounds']} times over"
    )


def poison(f: Found) -> str:
    events, tasks = f["F9"]["outbox"], f["F9"]["queue_sqlite"]
    return (
        f"events: {served.poison(events)}; tasks: {served.poison(tasks)}; given again when mended"
    )


def cached(f: Found) -> str:
    return f"{served.crowd(f['L6']['memory'])}; {served.stale(f['L7']['memory'])}"


def keys(f: Found) -> str:
    keys = f["A6"]
    return (
        f"{keys['rotations']} rotations under 50 requests a second: {keys['requests']:,} requests, "
        f"user errors {keys['user_errors']}; a dropped key refused after at most "
        f"{keys['old_refused_after_s']} s; {keys['weak_refused']} weak secrets: none started"
    )


def bites(f: Found) -> str:
    return f"{len(f['O9'])} caught: {', '.join(sorted(f['O9']))}"


def imports(f: Found) -> str:
    run = f["D5"]
    starter = f", {run['starter_kills']} first starts" if "starter_kills" in run else ""
    return (
        f"{run['rows']:,} rows: twice, differences {run['twice_differences']}; "
        f"{run['kills']} imports and {run['server_kills']} servers{starter} killed in the middle "
        f"and done again: differences {run['differences']}"
    )


def editors(f: Found) -> str:
    races = sum(count for name, count in f["D6"].items() if name.endswith("_races"))
    lost = sum(count for name, count in f["D6"].items() if name.endswith("_overwritten"))
    return f"{races:,} racing edits of reviews, profiles, movies, platforms: overwritten {lost}"


def odd_input(f: Found) -> str:
    fuzz, odd, slow = f["B1"], f["B2"], f["B4"]
    shapes = sum(f["B3"]["refused"].values())
    problems = sum(f["B5"]["problems"].values())
    made = odd["in_bodies"] + odd["in_addresses"] + shapes + f["B7"]["injections"]
    closed = max(slow["closed_within_s"].values())
    return (
        f"{fuzz['calls']:,} fuzz calls ({fuzz['reached']} of {fuzz['operations']} operations "
        f"answered well) and {made:,} by hand: 5xx {fuzz['server_errors']}; all {problems:,} "
        f"refusals problem+json. {f['B6']['payloads']} stored scripts: run {f['B6']['scripts']}. "
        f"300 MB refused in {slow['huge_refused_s']} s with +{slow['huge_growth_mib']} MiB; "
        f"{slow['slow_connections']} slow connections closed within {closed} s, others' p99 "
        f"{slow['others_p99_ms']} ms; evil text at most {f['B7']['slowest_ms']} ms"
    )


def allowed(f: Found) -> str:
    return (
        f"{f['Z1']['routes']} routes x {f['Z1']['roles']} roles: all {f['Z1']['cells']} cells as "
        f"told in authz.yml; {f['Z2']['tried']} tries at others' things: {f['Z2']['changes']} "
        f"changes; {f['Z3']['fields_refused']} fields that are not theirs refused"
    )


def guesses(f: Found) -> str:
    return (
        f"refused after {f['A3']['guesses_before_refusal']} wrong guesses; "
        f"{f['A4']['ways_to_say_an_address']} ways to say another address: bypasses "
        f"{f['A4']['bypasses']}; {f['A5']['forged_over_http']} forged tokens: accepted "
        f"{f['A5']['accepted']}"
    )


def sessions(f: Found) -> str:
    ended, race = f["A7"], f["A8"]
    return (
        f"a refresh token used again: its session dead after {ended['dead_after_s']} s, other devices "
        f"ended {ended['other_devices_ended']}; after a new password {ended['after_password_s']} s, "
        f"after logging out {ended['after_logout_s']} s; {race['trials']} times {race['at_once']} "
        f"at once: at most {race['most_descendants']} successor, 5xx {race['errors']}"
    )


def sites(f: Found) -> str:
    tries = f["A12"]["cross_site"] + f["A12"]["wrong_media"] + f["A12"]["without_token"]
    return (
        f"{tries} tries: changes {f['A12']['changes']}, origins let in {f['A12']['origins_let_in']}"
    )


def honest(f: Found) -> str:
    seen = max(seconds for name, seconds in f["O3"].items() if name.endswith("_seen_s"))
    return (
        f"a store replaced, emptied or removed: not ready within {seen} s, alive throughout; "
        f"{f['O4']['wrong_settings'] + f['O4']['cannot_be_served']} wrong settings told by name in "
        f"one line, values told {f['O4']['values_told']}"
    )


def effects(f: Found) -> str:
    run = f["F8"]
    return (
        f"broker away {run['away_s']} s: {run['written_while_away']:,} writes taken, refused "
        f"{run['refused']}, their effects there {run['drained_s']} s after; {run['kills']} kills "
        f"between effect and telling, {run['delivered_twice']:,} messages delivered twice: tallies "
        f"that differ from a recount {run['lost_or_double_effects']}; a listener that forgets what "
        f"it heard: caught {run['planted_caught']}"
    )


def parts(f: Found) -> str:
    run, two = f["F5"], f["F12"]
    return (
        f"{run['cells']:,} of {run['declared']:,} cells as declared in dependencies.yml, over "
        f"{run['faults']} faults; refused in {run['refused_in_s']} s (median), at most "
        f"{run['longest_refusal_s']} s, hangs {run['hangs']}; all well {run['recovered_s']} s after. "
        f"A frozen replica under {two['clients']} clients: slowest reading {two['slowest_read_s']} s "
        f"({two['slowest_before_s']} s before), {two['attempts']:,} attempts for {two['offered']:,} "
        f"asked, done twice {two['done_twice']}; a silent service refused at once after "
        f"{two['breaker_opened_s']} s"
    )
