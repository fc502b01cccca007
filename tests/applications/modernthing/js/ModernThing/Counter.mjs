// A module runs once, and all who import it have the same.
let number = 0;

export const count = () => { number += 1; };
export const counted = () => number;
