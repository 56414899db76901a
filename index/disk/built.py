"""A data folder that was built before, as an image carries one → what a new or older data folder lacks of it.

Copied are encoders, which are named by the model that they were made from, what readers need of them, and, into a
folder where no index was ever built, the index. What is there is left as it is: an index of an earlier fiqra is `fiqra
build`'s to replace.
"""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from index.disk import durable, sealed, shared_folders

WAIT_S = 600.0
MODELS = (Path("models", "encoders"), Path("models", "readers"))
INDEX = "index"

log = logging.getLogger("fiqra")


def fill(data_dir: Path, built: Path) -> None:
    """Copy what is lacking, each folder whole or not at all; of several processes that come at once, one does it.

    Raises IndexNotWritten where the disk refuses, IndexRefused where what was built is not whole.
    """
    for models in MODELS:
        sources = built / models
        lacking = [
            path
            for path in (sources.iterdir() if sources.is_dir() else ())
            if path.is_dir() and not (data_dir / models / path.name).exists()
        ]
        if lacking:
            with durable.exclusive(data_dir / models, WAIT_S):
                for path in lacking:
                    _copy(path, data_dir / models / path.name)
    if not (data_dir / INDEX / sealed.CURRENT).exists() and (built / INDEX / sealed.CURRENT).is_file():
        with durable.exclusive(data_dir / INDEX, WAIT_S):
            if not (data_dir / INDEX / sealed.CURRENT).exists():
                _copy_index(data_dir / INDEX, built / INDEX)
                log.info("%s is filled from %s", data_dir, built)


def _copy_index(index_dir: Path, built: Path) -> None:
    durable.remove_leftovers(index_dir)
    index = sealed.read(built)
    for name, folder in index.folders.items():
        if not shared_folders.is_whole(sealed.parts_of(index_dir) / name):
            durable.make_folder(sealed.parts_of(index_dir))
            with durable.staged_folder(index_dir) as partial:
                shutil.copytree(folder.path, partial, copy_function=shutil.copyfile, dirs_exist_ok=True)
                shared_folders.place(partial, sealed.parts_of(index_dir), name)
    sealed.make_current(index_dir, sealed.write(index_dir, index.manifest))


def _copy(source: Path, folder: Path) -> None:
    if not folder.exists():
        with durable.staged_folder(folder.parent) as partial:
            shutil.copytree(source, partial, copy_function=shutil.copyfile, dirs_exist_ok=True)
            durable.publish(partial, folder)
