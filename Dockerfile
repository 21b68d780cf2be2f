# Schakelbot as it runs for real: one process, not root, one volume. compose.yaml shows how it is used.
# Build: docker build -t schakelbot:0.1.0 .
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS packages
RUN python -m venv /venv
COPY requirements.txt /
# Wheels alone, so no compiler; atomicwrites comes as plain Python source only.
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes \
    --only-binary :all: --no-binary atomicwrites -r /requirements.txt

FROM python:${PYTHON}-slim
# A fixed number, so that an administrator can give files on the host to it.
RUN groupadd --gid 10001 schakelbot \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home --shell /usr/sbin/nologin schakelbot \
    && install -d -o 10001 -g 10001 -m 700 /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY domain domain
COPY texts texts
COPY config config
COPY storage storage
COPY commands commands
COPY bot bot
# Bytecode now, because nothing is written here later.
RUN python -m compileall -q .
# These go before the settings file: in a container they have only one right value.
ENV PATH=/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    SCHAKELBOT_DATA=/data \
    SCHAKELBOT_INTAKE__HOST=0.0.0.0 \
    SCHAKELBOT_INTAKE__PORT=8080
USER 10001:10001
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=60s --interval=30s --timeout=5s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/live', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["run", "--config", "/data/schakelbot.toml"]
