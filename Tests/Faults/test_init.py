"""Beginning a new installation where one was lost."""

import os
import shutil
import signal
import subprocess
from contextlib import contextmanager

from backup_case import BackupCase
from backup_load import BASE, FUNCTIONS, RUNNER, pipe
from harness import eventually


class InitTests(BackupCase):
    def setUp(self):
        super().setUp()
        self.fill(documents=0)

    def health(self):
        return pipe("health", {}, self.data)["status"]

    @contextmanager
    def serving(self, *words):
        port_file = self.folder / "port"
        process = subprocess.Popen(
            [RUNNER, "serve", "--port", "0", "--port-file", port_file, "--quiet", *words], stderr=subprocess.DEVNULL,
            env={**os.environ, **BASE, "DATA_DIR": str(self.data), "FUNCTIONS_DIR": str(FUNCTIONS)})
        try:
            eventually(port_file.exists, "the gateway is ready", seconds=60)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            port_file.unlink(missing_ok=True)

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
