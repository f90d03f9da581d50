// The one place that names the component library (htm with preact, copied from npm at build time).
export { html, render, useCallback, useEffect, useMemo, useRef, useState } from '../vendor/htm-preact.js';
