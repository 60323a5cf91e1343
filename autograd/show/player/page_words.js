"use strict";
// What every player says, in either language. Each adds its own words.

const WORDS = {
  en: {
    controls: "Player", line: "The current step", languages: "Language", slider: "Step", speed: "Speed",
    first: "To the start (Home)", back: "One step back (←)", forward: "One step forward (→)", last: "To the end (End)",
    play: "Play (space)", pause: "Pause (space)",
  },
  ko: {
    controls: "재생", line: "지금 단계", languages: "언어", slider: "단계", speed: "속도",
    first: "처음으로 (Home)", back: "한 단계 뒤로 (←)", forward: "한 단계 앞으로 (→)", last: "끝으로 (End)",
    play: "재생 (스페이스)", pause: "멈춤 (스페이스)",
  },
};
