// A component's life in the page, from its first packet of data to its end.

import { hear, hush } from "./heard.js";
import { unpack } from "./packets.js";

const LIFE = Symbol.for("classroom.life");

// Streamlit calls a component anew for each new packet of data, with the same parent element.
// `create(root)` runs once for each place in the page and returns {update, destroy}. Packets are
// opened side by side and shown in the order in which they came; `size` is a packet's in bytes.
// Each packet comes with the ways to answer that heard.js gives.
export function once(create) {
  return (component) => {
    const root = component.parentElement;
    if (root[LIFE]?.create !== create) {
      // Older files began this place, and the server was updated since.
      root[LIFE]?.end();
      root[LIFE] = begin(create, root);
    }
    root[LIFE].take(component);
    return () => {
      // Streamlit also takes back a call that another packet overtook, while the component lives
      // on.
      if (!root.isConnected) root[LIFE]?.end();
    };
  };
}

function begin(create, root) {
  const { update, refit = () => {}, destroy = () => {} } = create(root);
  let shown = Promise.resolve(), over = false;
  addEventListener("classroom:fit", refit);
  return {
    create,
    take(component) {
      const before = shown, opened = unpack(component.data);
      const show = async () => {
        await before;
        const { letter, data, body } = await opened;
        if (over) return;
        data.arrival = letter.arrival;
        update({ data, body, size: component.data.length, ...hear(letter, component.setStateValue, root) });
      };
      shown = show().catch(reportError);
    },
    end() {
      over = true;
      delete root[LIFE];
      removeEventListener("classroom:fit", refit);
      hush(root);
      destroy();
    },
  };
}
