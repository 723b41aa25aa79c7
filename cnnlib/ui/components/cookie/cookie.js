// Who this browser is, kept in a cookie for a year. A cookie that is there already wins.

import { once } from "../shared/life.js";

export default once(() => ({
  update({ data, setStateValue }) {
    const { name, value, path } = data;
    const found = document.cookie.split("; ").find((one) => one.startsWith(`${name}=`));
    const known = found?.slice(name.length + 1);
    if (known && known !== value) setStateValue("value", known);
    if (known) return;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `${name}=${value}; path=${path}; max-age=31536000; samesite=strict${secure}`;
  },
}));
