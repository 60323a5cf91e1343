// In a notebook the page has the notebook's theme, and follows it: that of JupyterLab, VS Code or Colab.

const THEMES = {
  dark: '[data-jp-theme-light="false"], .vscode-dark, .vscode-high-contrast, html[theme="dark"] body',
  light: '[data-jp-theme-light="true"], .vscode-light, html[theme="light"] body',
};

function followTheme() {
  let around;
  try {
    around = parent === window ? undefined : parent.document; // of another origin it isn't ours to read
  } catch {
    return;
  }
  if (!around) return;
  const take = () => {
    const found = Object.keys(THEMES).find((theme) => around.body.matches(THEMES[theme]));
    if (found) document.documentElement.dataset.theme = found;
    else delete document.documentElement.dataset.theme;
  };
  take();
  const watch = new MutationObserver(take);
  for (const part of [around.documentElement, around.body]) watch.observe(part, { attributes: true });
}

followTheme();
