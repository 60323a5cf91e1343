// The words of front and playground in Korean, the English ones stand in the pages; and those that only scripts say.

export const KOREAN = {
  skip: "본문으로", playground: "놀이터", lessons: "수업", gallery: "갤러리", reference: "레퍼런스", search: "검색",
  run: "실행", stop: "멈춤", examples: "예제", guest: "이 프로그램은 링크로 왔습니다. 먼저 읽어 보세요. 실행을 눌러야만 실행됩니다.",
  formula: "내 수식", show: "보기", share: "링크 복사",
  howto: "재생을 누르거나, 숫자를 끌거나, 다른 수식을 입력하세요: + - * / ** 와 tanh 같은 함수.",
};

export const SAID = {
  en: {
    copied: "The link is copied: whoever opens it sees this.", loading: "Drawing …",
    power: "a power is written **, as in a**2", sign: "{} isn't part of a formula: there are + - * / ** and ( )",
    times: "something is missing here: a product is written with *, as in 2*a",
    unfinished: "the formula stops too early: is a bracket open, or an operand missing?",
    unexpected: "{} doesn't fit here", needs: "{} is a function: write {}(a)", unknown: "there is no function {}. There are: ",
    takes1: "{} takes one operand, as in {}(a)", takes2: "{} takes two operands, as in {}(a, b)",
    constant: "there is no variable: write one as a name, such as a*2", large: "more than {} nodes are too many to watch",
    failed: "It couldn't be drawn: {}",
  },
  ko: {
    copied: "링크를 복사했습니다. 여는 사람은 지금 이 화면을 봅니다.", loading: "그리는 중 …",
    power: "거듭제곱은 a**2처럼 **로 씁니다", sign: "{}은(는) 수식에 쓸 수 없습니다: + - * / ** 와 ( ) 가 있습니다",
    times: "여기에 무언가 빠졌습니다: 곱셈은 2*a처럼 *로 씁니다",
    unfinished: "수식이 도중에 끝났습니다: 괄호가 열려 있거나 피연산자가 빠졌나요?",
    unexpected: "여기에 {}이(가) 올 수 없습니다", needs: "{}은(는) 함수입니다: {}(a)처럼 쓰세요", unknown: "{}이라는 함수는 없습니다. 있는 함수: ",
    takes1: "{}은(는) {}(a)처럼 피연산자가 하나입니다", takes2: "{}은(는) {}(a, b)처럼 피연산자가 둘입니다",
    constant: "변수가 없습니다: a*2처럼 이름을 쓰세요", large: "노드가 {}개를 넘으면 지켜보기 어렵습니다",
    failed: "그릴 수 없습니다: {}",
  },
};

export const PLAYGROUND = {
  en: {
    program: "Program", choose: "Choose …", starting: "Starting Python …", loading: "Loading Python, once …", running: "Running …",
    done: "Done.", failed: "There is a mistake.", line: "Line {}: ", stopped: "Stopped.", broken: "The link is not whole.",
    copied: "The link is copied: whoever opens it sees this program.",
  },
  ko: {
    program: "프로그램", choose: "고르기 …", starting: "파이썬을 시작하는 중 …", loading: "파이썬을 불러오는 중 (처음 한 번) …", running: "실행하는 중 …",
    done: "끝났습니다.", failed: "고칠 곳이 있습니다.", line: "{}번째 줄: ", stopped: "멈췄습니다.", broken: "링크가 온전하지 않습니다.",
    copied: "링크를 복사했습니다. 여는 사람은 이 프로그램을 봅니다.",
  },
};
