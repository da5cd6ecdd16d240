"""Runs the first Python example of a Markdown file."""

import pathlib
import re
import sys

text = pathlib.Path(sys.argv[1]).read_text("utf-8")
example = re.search(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
exec(compile(example.group(1), sys.argv[1], "exec"))
