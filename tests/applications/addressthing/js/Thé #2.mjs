export const text = "ready";
