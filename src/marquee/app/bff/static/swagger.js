// Opens Swagger UI on this server's own document, and sends the CSRF token with what it tries.
window.addEventListener("load", () => {
  const token = () =>
    (document.cookie.match(/(?:__Host-)?marquee_csrf=([^;]+)/) || [null, ""])[1];
  window.SwaggerUIBundle({
    url: "/schema/openapi.json",
    dom_id: "#app",
    deepLinking: true,
    requestInterceptor: (request) => {
      if (token()) request.headers["X-CSRF-Token"] = token();
      return request;
    },
  });
});
