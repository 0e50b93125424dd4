// The client that journey.ts uses, made from the contract; both are built in build/judge.
export default {
  input: "../../openapi.yaml",
  output: { path: "client", importFileExtension: ".js" },
  plugins: ["@hey-api/client-fetch", "@hey-api/typescript", "@hey-api/sdk"],
};
