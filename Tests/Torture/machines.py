"""Several runners on one PostgreSQL, each with a folder of its own, as on machines of their own."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from installation import Client, Installation
from postgres import PostgresServer
from stores import Rows


class Machines:
    """Used like an `Installation`; each client talks to one of the machines."""

    def __init__(self, folder: Path | str, count: int = 4, **variables: str) -> None:
        self.folder = Path(folder)
        # With fsync: a crash of PostgreSQL is part of some tests.
        self.server = PostgresServer(self.folder / "server", fsync=True)
        self.data = Rows(self.server, "ainexlayer")
        variables = {"DATABASE_URL": self.server.url(), **variables}
        self.all = [Installation(self.folder / f"machine-{number}", **variables) for number in range(count)]
        self.environment = self.all[0].environment
        self.clients = 0

    def start(self) -> Machines:
        for machine in self.all:
            machine.start()
        return self

    def client(self, **more: Any) -> Client:
        self.clients += 1
        return self.all[self.clients % len(self.all)].client(**more)

    def processes(self) -> list[tuple[int, str]]:
        return [process for machine in self.all for process in machine.processes()]

    def kill(self, process: int) -> int:
        return self.all[0].kill(process)

    def kill_everything(self) -> int:
        return sum(machine.kill_everything() for machine in self.all)

    def kill_machine(self, rng: random.Random) -> int:
        """Ends a runner with its functions at once, and starts it again. Returns how many processes that were."""
        machine = rng.choice(self.all)
        killed = machine.kill_everything()
        machine.start()
        return killed

    def stop(self) -> int:
        """Returns the first exit status that is not zero."""
        statuses = [machine.stop() for machine in self.all]
        return next((status for status in statuses if status), 0)

    def close(self) -> None:
        self.stop()
        self.server.close()

    def __enter__(self) -> Machines:
        try:
            return self.start()
        except BaseException:
            self.close()
            raise

    def __exit__(self, *_: object) -> None:
        self.close()
