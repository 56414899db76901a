# syntax=docker/dockerfile:1
# `make serving` installs what answers, pinned and without torch, and builds the encoder and the index that the tests
# cover.
#
#   docker build -t fiqra .
#   docker run --read-only --tmpfs /tmp -v fiqra-var:/app/var -p 8000:8000 fiqra

FROM python:3.11.13-slim-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends make=4.3-4.1 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# The installed packages change less often than the code: a layer of their own.
COPY requirements*.lock pyproject.toml README.md LICENSE NOTICE Makefile ./
COPY fiqra fiqra
COPY corpus corpus
COPY index index
COPY service service
COPY eval eval
# `--build-arg EXTRAS=milvus` adds the client of the Milvus store.
ARG EXTRAS=""
RUN make serving \
    && if [ "$EXTRAS" = milvus ]; then \
           .venv-serve/bin/pip install --quiet --require-hashes --only-binary :all: --requirement requirements-milvus.lock; \
       fi

FROM python:3.11.13-slim-bookworm AS run
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin fiqra
WORKDIR /app
COPY --from=build /app /app
# The one writable place; a named volume starts with the model and the index that were built in.
RUN chown -R fiqra /app/var
USER 10001
ENV FIQRA_DATA_DIR=/app/var \
    FIQRA_HOST=0.0.0.0 \
    FIQRA_PORT=8000 \
    HF_HUB_OFFLINE=1 \
    TRANSFORMERS_OFFLINE=1 \
    PYTHONDONTWRITEBYTECODE=1
VOLUME ["/app/var"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s --retries=3 \
    CMD ["/app/.venv-serve/bin/python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/readyz', timeout=2)"]
CMD ["/app/.venv-serve/bin/fiqra", "serve"]
