"""The programs in the documentation and in the examples run."""

import contextlib
import importlib.util
import io
import re
import tempfile
import unittest
from datetime import timedelta
from pathlib import Path

from support import AS_OF, DENIED, EXAMPLES, REPOSITORY, event, log


def printed(work):
    output = io.StringIO()
    with contextlib.redirect_stdout(output):
        work()
    return output.getvalue()


def example(name):
    path = REPOSITORY / "examples" / f"{name}.py"
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Documentation(unittest.TestCase):
    def test_the_programs_of_the_readme_run(self):
        text = (REPOSITORY / "sspr-py/README.md").read_text("utf-8")
        programs = re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
        self.assertTrue(text.split("\n\n")[1].startswith("```python"), "it starts with one")
        for program in programs:
            said = printed(lambda: exec(compile(program, "README.md", "exec"), {}))
            self.assertIn("fail warning - After a password was set", said)

    def test_a_tenant_is_judged_and_the_findings_acted_on(self):
        judge = example("judge_tenant")
        said = printed(lambda: self.assertEqual(judge.main(f"{EXAMPLES}/contoso", AS_OF), 1))
        self.assertIn("16 of 93 people cannot reset", said)
        self.assertIn("SSPR801 (10): Right to reset passwords", said)
        self.assertIn("Set-ADSyncPasswordWritebackPermissions", said)
        printed(lambda: self.assertEqual(judge.main(f"{EXAMPLES}/fabrikam", AS_OF), 0))

    def test_who_lacks_a_licence_is_listed(self):
        people = example("unlicensed_people")
        said = printed(lambda: people.main(f"{EXAMPLES}/contoso"))
        self.assertIn("jdoe@contoso.com: no licence is assigned\n", said)
        self.assertEqual(printed(lambda: people.main(f"{EXAMPLES}/fabrikam")), "")

    def test_a_denied_reset_is_explained_and_a_log_is_watched(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "log.xml")
            path.write_bytes(log())
            denied = example("denied_reset")
            said = printed(lambda: denied.main(str(path), "JDOE@contoso.com"))
            self.assertIn("The connector account may not set the password", said)
            self.assertIn("SSPR801", said)
            self.assertEqual(printed(lambda: denied.main(str(path), "adoe@contoso.com")), "")
            watch = example("watch_log")
            kept, since = str(Path(folder, "state.json")), AS_OF - timedelta(days=1)
            said = printed(lambda: watch.main(str(path), kept, 1, since))
            self.assertRegex(said, r"(?m)^2026-11-20 08:02:00\+00:00 failure jdoe@contoso.com: ")
            with path.open("ab") as file:
                again = DENIED.replace("1111-2222", "8888-2222").replace("jdoe", "adoe")
                file.write(event(33004, 180, again, record=4).encode())
            said = printed(lambda: watch.main(str(path), kept, 1))
            self.assertRegex(said, r"(?m)^2026-11-20 08:03:00\+00:00 failure adoe@contoso.com: ")


if __name__ == "__main__":
    unittest.main()
