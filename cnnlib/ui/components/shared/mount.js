// A component that is fetched by its address, which bears the hash of all component files.

// Fetch a component's own files, side by side, and return what Streamlit calls with each packet.
export default async function mount(name) {
  preload(name);
  const at = (kind) => new URL(`../${name}/${name}.${kind}`, import.meta.url).href;
  const text = async (kind) => (await fetch(at(kind))).text();
  const [html, css, { default: show }] = await Promise.all([text("html"), text("css"), import(at("js"))]);
  const template = document.createElement("template"), sheet = new CSSStyleSheet();
  template.innerHTML = html;
  sheet.replaceSync(css);
  const placed = new WeakSet();
  return (component) => {
    const root = component.parentElement;
    if (!placed.has(root)) {
      placed.add(root);
      root.adoptedStyleSheets = [sheet];
      root.replaceChildren(template.content.cloneNode(true));
    }
    return show(component);
  };
}

// Fetch all modules at once, so that a module far down does not wait until those above were read.
async function preload(name) {
  const { MODULES } = await import("./modules.js");
  for (const path of MODULES[name]) {
    const link = document.createElement("link");
    Object.assign(link, { rel: "modulepreload", href: new URL(`../${path}`, import.meta.url) });
    document.head.append(link);
  }
}
