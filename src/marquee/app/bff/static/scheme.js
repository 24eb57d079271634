// Dark unless somebody chose otherwise, before anything is drawn.
(() => {
  let chosen = "dark";
  try {
    chosen = localStorage.getItem("mantine-color-scheme-value") || "dark";
  } catch {
    // Storage may be forbidden.
  }
  const light = window.matchMedia("(prefers-color-scheme: light)").matches;
  const shown = chosen === "auto" ? (light ? "light" : "dark") : chosen;
  document.documentElement.dataset.mantineColorScheme = shown;
})();
