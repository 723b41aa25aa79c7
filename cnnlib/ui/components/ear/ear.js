// The ear hears for the page, and tells Python what has arrived. The ear shows nothing.

import { once } from "../shared/life.js";
import { speakBy } from "../shared/heard.js";

export default once(() => {
  let speaks = false;
  return {
    update({ data, keep }) {
      speaks = data.speaks;
      if (speaks) speakBy(keep);
    },
    destroy() { if (speaks) speakBy(null); },
  };
});
