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
  live: "Train here", train: "Train on from here", rest: "Pause training", trainShort: "Train",
  oneEpoch: "Train one epoch", oneEpochShort: "One epoch", again: "Start again with other first weights",
  againShort: "Start again", rate: "Learning rate", batch: "Batch", optimizer: "Optimiser", edges: "Edges", adds: "A click adds",
  weights: "weights", gradients: "gradients", liveEpoch: "Training here: epoch {epoch}", accuracy: "accuracy",
  divergedLive: "It diverged: a number became infinite. Try a lower learning rate.",
  pictures: "each square: what the neuron says of the plane",
  pointing: "The plane. Click, or move with the arrow keys and press Enter, to add a point",
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
  live: "여기서 학습", train: "여기부터 이어서 학습", rest: "학습 멈춤", trainShort: "학습",
  oneEpoch: "한 에포크 학습", oneEpochShort: "한 에포크", again: "다른 초기 가중치로 다시 시작",
  againShort: "다시 시작", rate: "학습률", batch: "배치", optimizer: "옵티마이저", edges: "간선", adds: "클릭하면 추가",
  weights: "가중치", gradients: "기울기", liveEpoch: "여기서 학습 중: 에포크 {epoch}", accuracy: "정확도",
  divergedLive: "발산했습니다: 어떤 수가 무한대가 되었습니다. 학습률을 낮춰 보세요.",
  pictures: "네모마다: 그 뉴런이 평면에 대해 말하는 값",
  pointing: "평면. 클릭하거나, 화살표 키로 옮기고 Enter를 누르면 점이 추가됩니다",
});
