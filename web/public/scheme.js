// Dark unless somebody chose otherwise, before anything is drawn.
(() => {
  const chosen = localStorage.getItem("mantine-color-scheme-value") || "dark";
  const light = window.matchMedia("(prefers-color-scheme: light)").matches;
  const shown = chosen === "auto" ? (light ? "light" : "dark") : chosen;
  document.documentElement.dataset.mantineColorScheme = shown;
})();
