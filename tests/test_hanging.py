"""What a test that hangs waits for is told."""

import asyncio

from tests.hanging import tasks


async def at_the_bottom() -> None:
    await asyncio.Event().wait()


async def test_each_task_is_told_with_all_that_it_waits_in() -> None:
    async def outer() -> None:
        await at_the_bottom()

    hanging = asyncio.create_task(outer(), name="hanging")
    await asyncio.sleep(0)
    told = "\n".join(tasks())
    hanging.cancel()
    _, _, lines = told.partition("hanging:\n")
    ours = lines.splitlines()[:3]
    assert [line.rpartition(" in ")[2].rpartition(".")[2] for line in ours] == [
        "outer",
        "at_the_bottom",
        "wait",
    ]
    assert all(line.startswith("  /") for line in ours)
