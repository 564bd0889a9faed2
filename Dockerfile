# syntax=docker/dockerfile:1

# Builds with everything that building needs ...
FROM node:24-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --include=dev
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
RUN npm run build && rm -f dist/.tsbuildinfo

# ... installs what running needs ...
FROM node:24-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund --omit=dev && npm cache clean --force

# ... and keeps only that. The contracts and worlds are data that is read at run time.
FROM node:24-slim
ENV NODE_ENV=production \
    HOST=0.0.0.0
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY src/enos/contract ./src/enos/contract
COPY src/simulator/worlds ./src/simulator/worlds
COPY schema ./schema
USER node
EXPOSE 4000 4100
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 4000}/health/live`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# A larger young generation: what belongs to one request dies there (docs/http.md).
CMD ["node", "--max-semi-space-size=32", "dist/main.js"]
