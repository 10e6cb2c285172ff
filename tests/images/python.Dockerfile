# What `python:3.11-slim-trixie` offers, on Debian 13: `python` and `pip` of Python 3.11, free to install into.
ARG BASE
FROM ${BASE}
# Debian 13 has a newer Python; the one before it has this one
RUN sed 's/trixie/bookworm/' /etc/apt/sources.list > /etc/apt/sources.list.d/bookworm.list \
    && printf 'Package: *python3*\nPin: release n=bookworm\nPin-Priority: 990\n' > /etc/apt/preferences.d/python \
    && apt-get update \
    && apt-get install --yes --no-install-recommends python3.11-venv \
    && python3.11 -m venv /usr/local \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/archives/*.deb
