# Two images from one file: `--target clinic` (the clinic server with the built app) and `--target scribe` (the local scribe).
# Neither fetches anything when it starts. See src/deploy/README.md.
FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The base image is Node 24 itself, so the script that fetches Node is not needed.
RUN npm ci --ignore-scripts
COPY . .
RUN node src/commands/run.js build

FROM node:24-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --omit=dev

FROM node:24-bookworm-slim AS server
ENV NODE_ENV=production NODE_OPTIONS=--disable-warning=ExperimentalWarning
WORKDIR /app
COPY --from=modules /app/node_modules node_modules
COPY package.json ./
COPY src src
# Data lies in a volume that belongs to the user the server runs as.
RUN mkdir /data && chown node:node /data
VOLUME /data

FROM server AS scribe
RUN apt-get update && apt-get install -y --no-install-recommends pocketsphinx pocketsphinx-en-us && rm -rf /var/lib/apt/lists/*
USER node
ENV LOCAL_SCRIBE_HOST=0.0.0.0 LOCAL_SCRIBE_DATA_DIR=/data
EXPOSE 8400
CMD ["node", "src/local-scribe/main.ts"]

FROM server AS clinic
COPY --from=build /app/dist dist
USER node
ENV CHARTSIDE_HOST=0.0.0.0 CHARTSIDE_DATA_DIR=/data
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:3000/readyz').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "src/bff/main.ts"]
