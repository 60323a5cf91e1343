// What the train player says, in either language.

Object.assign(WORDS.en, {
  slider: "Epoch", line: "The runs at this epoch", start: "Before training", epoch: "Epoch {epoch}",
  loss: "loss", validation: "validation loss", untrained: "not trained yet",
  ended: {
    diverged: "stopped after epoch {epoch}: it diverged",
    patience: "stopped after epoch {epoch}: the validation loss fell no more",
    interrupted: "interrupted after epoch {epoch}",
  },
  plane: "What the network says of every place, and the examples", line_: "What the network says, and the examples",
  network: "The network", lossPicture: "Loss by epoch", logarithmic: "logarithmic",
  positive: "positive weight", negative: "negative weight", thickness: "thicker: larger",
  strongest: "the {shown} largest of {all} weights", className: "class {k}",
});
Object.assign(WORDS.ko, {
  slider: "에포크", line: "이 에포크에서의 학습", start: "학습 전", epoch: "에포크 {epoch}",
  loss: "손실", validation: "검증 손실", untrained: "아직 학습하지 않음",
  ended: {
    diverged: "에포크 {epoch}에서 발산하여 멈춤",
    patience: "에포크 {epoch}에서 멈춤: 검증 손실이 더 줄지 않음",
    interrupted: "에포크 {epoch}에서 중단됨",
  },
  plane: "평면의 각 점에 대한 신경망의 예측과 예제들", line_: "신경망의 예측과 예제들",
  network: "신경망", lossPicture: "에포크별 손실", logarithmic: "로그 눈금",
  positive: "양의 가중치", negative: "음의 가중치", thickness: "굵을수록 큰 값",
  strongest: "가중치 {all}개 중 큰 것 {shown}개", className: "클래스 {k}",
});
