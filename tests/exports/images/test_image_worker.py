import os
import signal
import sys
import threading
import time

import pytest

from portalkompass.exports.images.image_worker import ImageFault, ImageWorker

PAGE = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><rect width="10" height="10"/></svg>'
DIES_ONCE = """
import os, pathlib, sys
mark = pathlib.Path(sys.argv[1])
if not mark.exists():
    mark.touch()
    sys.stdin.buffer.read(8)
    os._exit(9)
from portalkompass.exports.images import image_child
image_child.main()
"""
SLEEPS = "import time; time.sleep(60)"


@pytest.fixture
def own():
    made = []

    def start(*command, seconds=60):
        made.append(ImageWorker([sys.executable, *command] if command else None, seconds))
        return made[-1]

    yield start
    for one in made:
        one.close()


def test_one_process_serves_all_jobs(own):
    worker = own()
    assert worker.process_id is None
    assert worker.draw(PAGE, None, ["svg"]) == {"svg": PAGE.encode()}
    first = worker.process_id
    assert set(worker.draw(PAGE, None, ["png", "svg"])) == {"png", "svg"}
    assert worker.process_id == first


def test_a_process_that_dies_in_the_middle_of_a_job_costs_one_further_try(own, tmp_path):
    worker = own("-c", DIES_ONCE, str(tmp_path / "died"))
    assert worker.draw(PAGE, None, ["svg"]) == {"svg": PAGE.encode()}
    assert (tmp_path / "died").exists()


def test_a_process_killed_between_jobs_is_replaced(own):
    worker = own()
    worker.draw(PAGE, None, ["svg"])
    killed = worker.process_id
    os.kill(killed, getattr(signal, "SIGKILL", signal.SIGTERM))
    assert worker.draw(PAGE, None, ["svg"]) == {"svg": PAGE.encode()}
    assert worker.process_id != killed


def test_a_job_that_takes_too_long_ends_with_a_sentence_and_the_next_one_works(own):
    worker = own("-c", SLEEPS, seconds=0.5)
    started = time.monotonic()
    with pytest.raises(ImageFault, match="Sekunden abgebrochen"):
        worker.draw(PAGE, None, ["svg"])
    assert time.monotonic() - started < 10
    assert worker.process_id is None


def test_a_faulty_drawing_is_told_and_the_process_lives_on(own):
    worker = own()
    with pytest.raises(ImageFault, match="konnte nicht erzeugt werden"):
        worker.draw("<svg", None, ["png"])
    assert worker.draw(PAGE, None, ["svg"]) == {"svg": PAGE.encode()}


def test_threads_take_turns_and_get_their_own_answers(own):
    worker, answers = own(), {}

    def ask(number):
        page = PAGE.replace("/>", f' id="n{number}"/>')
        answers[number] = (page.encode(), worker.draw(page, None, ["svg"])["svg"])

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 10
    assert all(asked == given for asked, given in answers.values())
