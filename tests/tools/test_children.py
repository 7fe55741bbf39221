import os
import sys
from types import ModuleType

from tests.children import python


def test_a_command_does_not_run_what_a_test_of_a_screen_left_as_main_module(tmp_path):
    left = ModuleType("__main__")
    left.__file__ = str(tmp_path / "screen.py")
    (tmp_path / "screen.py").write_text("script(*__args)", encoding="utf-8")
    main = sys.modules["__main__"]
    sys.modules["__main__"] = left
    try:
        done = python(["-c", "print(1)"], os.environ)
    finally:
        sys.modules["__main__"] = main
    assert (done.returncode, done.stdout) == (0, "1\n")
