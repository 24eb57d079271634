// Opens Scalar on this server's own document, with nothing fetched from elsewhere.
window.addEventListener("load", () => {
  window.Scalar.createApiReference("#app", {
    url: "/schema/openapi.json",
    withDefaultFonts: false,
    telemetry: false,
    hideClientButton: true,
    proxyUrl: "",
  });
});
