// Opens the viewer on this server's own contract, and signs in through the API itself: the token goes into the
// viewer's memory and nowhere else, so closing the page forgets it.
"use strict";

// The viewer fills examples into its forms. Of a filter that would hide most of a list, so filters begin empty.
function withEmptyFilters(contract) {
    const listed = Object.values(contract.paths).flatMap(Object.values).flatMap((item) => item.parameters || []);
    for (const parameter of [...listed, ...Object.values(contract.components.parameters)]) {
        if (parameter.in === "query" && !parameter.required) delete parameter.example;
    }
    return contract;
}

const emptyFilters = { statePlugins: { spec: { wrapActions: {
    updateJsonSpec: (update) => (contract) => update(withEmptyFilters(contract)),
} } } };

const ui = SwaggerUIBundle({
    url: "/v1/openapi.json",
    dom_id: "#viewer",
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    displayOperationId: true,
    filter: true,
    persistAuthorization: false,
    tryItOutEnabled: true,
    validatorUrl: null,
    plugins: [emptyFilters],
});

const form = document.getElementById("sign-in");
const told = document.getElementById("signed-in");

// The contract names its bearer scheme; its name is looked up here so that it stands in one place.
function bearerScheme() {
    const schemes = ui.specSelectors.specJson().toJS().components.securitySchemes;
    return Object.keys(schemes).find((name) => schemes[name].type === "http" && schemes[name].scheme === "bearer");
}

async function signIn() {
    const filled = [...new FormData(form)].filter(([, value]) => value !== "");
    const answer = await fetch("/v1/sessions", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(Object.fromEntries(filled)),
    });
    const body = await answer.json();
    if (!answer.ok) return `${body.title} (${answer.status})`;
    ui.preauthorizeApiKey(bearerScheme(), body.access_token);
    const minutes = Math.round(body.expires_in / 60);
    form.password.value = "";
    form.otp.value = "";
    return `${form.login_name.value}：已登录，${minutes} 分钟内有效 Signed in for ${minutes} minutes`;
}

form.addEventListener("submit", (event) => {
    event.preventDefault();
    told.textContent = "…";
    signIn().then((sentence) => { told.textContent = sentence; },
                  () => { told.textContent = "无法连接服务 The service cannot be reached"; });
});
