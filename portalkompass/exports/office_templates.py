"""Templates of Office (.potx, .dotx) opened as what they become: they differ in the type of one part only."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

TYPES = (
    (b"presentationml.template.main+xml", b"presentationml.presentation.main+xml"),
    (b"wordprocessingml.template.main+xml", b"wordprocessingml.document.main+xml"),
)
"""Of a template, and of the file that is made of it."""
_CONTENT_TYPES = "[Content_Types].xml"


def as_document(path: Path) -> io.BytesIO:
    """The file with the type of a presentation or document instead of a template's.

    Raises:
        OSError, BadZipFile: it cannot be read.
    """
    file = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            held = old.read(part)
            if part.filename == _CONTENT_TYPES:
                for template, document in TYPES:
                    held = held.replace(template, document)
            new.writestr(part, held)
    file.seek(0)
    return file
