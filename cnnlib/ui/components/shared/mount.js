// A component that is fetched by its address, which bears the hash of all component files.

// Fetch a component's own files, side by side, and return what Streamlit calls with each packet.
// The modules that its own one leads to are named, so that none waits until another was read.
export default async function mount(name, modules) {
  for (const path of modules) preload(new URL(`../${path}`, import.meta.url));
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

function preload(address) {
  const link = document.createElement("link");
  Object.assign(link, { rel: "modulepreload", href: address });
  document.head.append(link);
}
