"""What an operator is told when the service starts: whom it answers, and whether it may open what it needs to."""

from __future__ import annotations

import logging
import resource

from service.http.wire.connections import SPARE
from service.http.wire.protocol import MOST_DRAINED
from service.settings import ANY_ADDRESS, Settings

log = logging.getLogger("fiqra")
OTHER_FILES = 128  # descriptors that are no connections: libraries, the index, documents being read, a language model


def announce(settings: Settings) -> None:
    """Log it; what is likely a mistake at WARNING."""
    if "*" in settings.answered_hosts:
        log.info("answering under any host name; FIQRA_ALLOWED_HOSTS can list those that are meant")
    else:
        only_here = not settings.allowed_hosts and settings.public_url is None and settings.host in ANY_ADDRESS
        log.log(
            logging.WARNING if only_here else logging.INFO,
            "answering under %s; under another host name only probes: set FIQRA_ALLOWED_HOSTS or FIQRA_PUBLIC_URL",
            ", ".join(settings.answered_hosts),
        )
    may, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = needed_files(settings)
    if may < needed:
        log.warning(
            "this process may open %d files and would need %d for FIQRA_CONNECTIONS=%d: raise `ulimit -n`, or lower it",
            may,
            needed,
            settings.connections,
        )


def needed_files(settings: Settings) -> int:
    """How many descriptors the service may have open at once."""
    return settings.connections + SPARE + MOST_DRAINED + OTHER_FILES
