"""`python -m sspr` is the command."""

import subprocess
import sys
import tempfile
import unittest

import sspr
from support import EXAMPLES


def run(*args, **options):
    return subprocess.run(
        [sys.executable, "-m", "sspr", *args], capture_output=True, text=True, **options
    )


class Command(unittest.TestCase):
    def test_it_judges_explains_and_gives_its_exit_codes(self):
        done = run("assess", f"{EXAMPLES}/contoso", "--as-of", "2026-11-20T12:00:00Z")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("No for 16 of 93 people", done.stdout)
        self.assertEqual(run("assess", f"{EXAMPLES}/fabrikam").returncode, 0)
        with tempfile.TemporaryDirectory() as empty:
            self.assertEqual(run("assess", empty).returncode, 3)
        self.assertEqual(run("assess", "no/such").returncode, 2)
        self.assertIn("ADPermissionsError", run("explain", "33004").stdout)
        self.assertIn(sspr.__version__, run("--version").stdout)

    def test_it_reads_standard_input(self):
        done = run("explain", "-", input="Event ID: 33004")
        self.assertIn("Connector account", done.stdout)


if __name__ == "__main__":
    unittest.main()
