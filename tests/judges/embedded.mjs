// Is the JSON the server serves what an independent reader makes of openapi.yaml? Our build tool resolves scalars by
// JSON's rules; js-yaml's JSON schema does the same on its own.
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { JSON_SCHEMA, load } from "js-yaml";

const [file, base] = process.argv.slice(2);
const read = load(readFileSync(file, "utf8"), { schema: JSON_SCHEMA });
const served = await (await fetch(base + "/v1/openapi.json")).json();

function differences(a, b, at, found) {
  const isTree = (v) => v !== null && typeof v === "object";
  if (!isTree(a) || !isTree(b)) {
    if (!isDeepStrictEqual(a, b)) found.push(at);
    return found;
  }
  for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) differences(a[key], b[key], `${at}/${key}`, found);
  return found;
}

function nodes(value) {
  if (value === null || typeof value !== "object") return 1;
  return Object.values(value).reduce((sum, below) => sum + nodes(below), 1);
}

const found = differences(read, served, "", []);
console.log(JSON.stringify({ nodes: nodes(read), differences: found.length, places: found.slice(0, 20) }));
