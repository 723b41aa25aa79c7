// A component's life in the page, from its first packet of data to its end.

import { unpack } from "./packets.js";

const LIFE = Symbol.for("classroom.life");

// Streamlit calls a component anew for each new packet of data, with the same parent element.
// `create(root)` runs once for each place in the page and returns {update, destroy}.
export function once(create) {
  return (component) => {
    const root = component.parentElement;
    if (root[LIFE]?.create !== create) {
      // Files of yesterday began here, and the server was updated since.
      root[LIFE]?.end();
      root[LIFE] = begin(create, root);
    }
    root[LIFE].update({ ...component, ...unpack(component.data) });
    return () => {
      // A call that another packet overtook is taken back too, while the component lives on.
      if (!root.isConnected) root[LIFE]?.end();
    };
  };
}

function begin(create, root) {
  const { update, refit = () => {}, destroy = () => {} } = create(root);
  addEventListener("classroom:fit", refit);
  return {
    create, update,
    end() {
      delete root[LIFE];
      removeEventListener("classroom:fit", refit);
      destroy();
    },
  };
}
