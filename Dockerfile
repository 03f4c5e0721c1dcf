# The bot as a container. Nothing of its configuration is in the image: it comes as environment variables, see .env.example.

FROM node:22-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# No script of a package has to run: lmdb brings its binary along.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/compile-knowledge.mjs scripts/
COPY src src
COPY knowledge knowledge
COPY locales locales
RUN npm run build && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:22-slim
# The start is refused on this address without an app id.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3978
WORKDIR /app
COPY LICENSE package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY cards cards
COPY knowledge knowledge
COPY locales locales
# All that it writes; LMDB needs a disk of this machine under it.
# Readable for that user also where the checkout's files are not.
RUN chmod -R a+rX . && install --directory --owner=node --group=node --mode=700 data
VOLUME /app/data
USER node
EXPOSE 3978
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s CMD ["node", "-e", "fetch('http://127.0.0.1:' + (process.env.PORT || 3978) + '/healthz').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Not by npm, which would not hand on the signal to stop.
CMD ["node", "dist/index.js"]
