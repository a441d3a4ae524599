"""Beginning a new installation where one was lost."""

import os
import shutil
import subprocess
from contextlib import contextmanager

from backup_case import BackupCase
from backup_load import BASE, FUNCTIONS, RUNNER, pipe
from running import UNLIMITED, RunnerProcess


class InitTests(BackupCase):
    def setUp(self):
        super().setUp()
        self.fill(documents=0)

    def health(self):
        return pipe("health", {}, self.data)["status"]

    @contextmanager
    def serving(self, *words):
        with RunnerProcess(self.folder, *words, **{**UNLIMITED, "DATA_DIR": str(self.data)}):
            yield

    def test_a_new_installation_begins_only_where_init_says_so(self):
        shutil.move(self.data, self.folder / "lost")
        with self.serving():
            self.assertEqual(self.health(), 503)
        doctor = subprocess.run([RUNNER, "doctor"], capture_output=True, text=True, env={
            **os.environ, **BASE, "DATA_DIR": str(self.data), "FUNCTIONS_DIR": str(FUNCTIONS)})
        self.assertIn("--init", doctor.stdout + doctor.stderr)
        with self.serving("--init"):
            self.assertEqual(self.health(), 200)

    def test_init_keeps_the_data_that_is_there(self):
        with self.serving("--init"):
            self.assertEqual(self.ask("get-me")["status"], 200)
