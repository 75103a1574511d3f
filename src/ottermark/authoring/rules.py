"""The rules of the build, and the page that lists them (``docs/rules.md``)."""

from __future__ import annotations

from ottermark.diagnostics import Rule, Severity

# why the level of a rule cannot be lowered
IMPOSSIBLE = "nothing could be built"
LEAK = "students would receive what is hidden from them"

# ------------------------------------------------------------- structure of the master

OLD_FORMAT = Rule(
    "old-format",
    "The master notebook is in Otter's old format (v0), which Otter 7 no longer reads.",
    "Configs stood in code blocks of Markdown cells, and tests in cells that begin with `# TEST`. "
    "Otter takes all of it for ordinary cells: there would be no questions, and students would "
    "receive the tests.",
    "Turn each code block into a raw cell that begins with `# ASSIGNMENT CONFIG` or "
    "`# BEGIN QUESTION`, and put the answers and the tests between raw cells with `# BEGIN SOLUTION`, "
    "`# END SOLUTION`, `# BEGIN TESTS`, `# END TESTS` and `# END QUESTION`.",
    why_fixed=IMPOSSIBLE,
)
UNSUPPORTED_LANGUAGE = Rule(
    "unsupported-language",
    "The master notebook is not a Python notebook.",
    "Only Python notebooks can be graded.",
    "Grade an R assignment with Otter itself.",
    why_fixed=IMPOSSIBLE,
)
MARKER_NOT_RAW = Rule(
    "marker-not-raw",
    "A cell that would mark a block of the assignment, such as `# BEGIN QUESTION`, is not a raw cell.",
    "Otter looks for these markers in raw cells. It would take the cell for one of the notebook's own, "
    "and students would receive what the block was to keep from them.",
    "Change the cell's type to raw, or, where an editor has no raw cells, write the marker into a "
    "Markdown cell as a code block of the language `otter`.",
)
UNKNOWN_MARKER = Rule(
    "unknown-marker",
    "A raw cell looks like a marker of a block, but Otter does not know it.",
    "Otter would take it for a cell of the notebook, and the block for one that is not there.",
    "Write the marker that the message names, as the first line of the cell: `# BEGIN` or `# END`, with a "
    "space behind the `#`, and `QUESTION`, `PROMPT`, `SOLUTION` or `TESTS`.",
)
NO_QUESTIONS = Rule(
    "no-questions",
    "The master notebook has no questions.",
    "There is nothing to grade.",
    "Put a raw cell with `# BEGIN QUESTION` and one with `# END QUESTION` around each question.",
    Severity.WARNING,
)
INVALID_CONFIG = Rule(
    "invalid-config",
    "An assignment, question or test config, or an ```` ```otter ```` block, cannot be read.",
    "A config is a list of settings in YAML, such as `name: q1`. Without it, the build does not "
    "know what the cell means.",
    "Correct the YAML. Text with a colon or a quote in it has to be in quotes.",
    why_fixed=IMPOSSIBLE,
)
UNCLOSED_BLOCK = Rule(
    "unclosed-block",
    "A block of a question, such as its tests, is not ended where the question or the notebook ends.",
    "Otter would not know what belongs to it.",
    "Put the raw cell that the message names where the block ends.",
    why_fixed=IMPOSSIBLE,
)
UNKNOWN_KEY = Rule(
    "unknown-key",
    "A config has a key that Otter does not know and that is nearly one that it knows.",
    "Otter ignores unknown keys of questions and tests. A misspelled `hidden: true`, for example, "
    "hands the hidden test to students.",
    "Correct the spelling (the message names the nearest known key), or remove the key.",
)
MEANINGLESS_KEY = Rule(
    "meaningless-key",
    "A config has a key that means nothing to Otter, nor resembles one that does.",
    "It may be left from an older version of Otter, whose effect is then missing.",
    "Remove the key.",
    Severity.WARNING,
)
INVALID_SETTING = Rule(
    "invalid-setting",
    "A setting of the assignment or of a question has a value of the wrong kind.",
    "Points that are no number cannot be added up, and of a list that is written as text Otter would "
    "take each letter for an item.",
    "Write the value that the message asks for.",
    why_fixed=IMPOSSIBLE,
)
MISSING_FILE = Rule(
    "missing-file",
    "A file or folder of `files` or `autograder_files` does not exist.",
    "It could be given neither to students nor to the grader.",
    "Put it beside the master notebook, or correct its name in the assignment config.",
    why_fixed=IMPOSSIBLE,
)
UNSUPPORTED_KEY = Rule(
    "unsupported-key",
    "The assignment config has a key of Otter Assign that ottermark does not support.",
    "The grader would behave differently from what the config asks for.",
    "Remove the key; the message names what to use instead.",
)
KEY_WITHOUT_EFFECT = Rule(
    "key-without-effect",
    "The assignment config has a key of Otter Assign that has no effect here.",
    "Somebody may rely on it. If a question needs it, the solution loses points, which is an error.",
    "Remove the key; the message names what to use instead.",
    Severity.WARNING,
)
QUESTION_WITHOUT_NAME = Rule(
    "question-without-name",
    "A question has no name.",
    "The name identifies the question in test files, results and gradebooks.",
    "Write `name: ...` into the question config.",
    why_fixed=IMPOSSIBLE,
)
DUPLICATE_QUESTION = Rule(
    "duplicate-question",
    "Several questions have the same name.",
    "Otter merges their tests into one question.",
    "Rename all but one of them.",
    why_fixed=IMPOSSIBLE,
)
MANUAL_QUESTION_WITH_TESTS = Rule(
    "manual-question-with-tests",
    "A question is marked `manual: true` and has tests.",
    "The points of its tests would be added to the points that people give.",
    "Split it into one question with tests and one that is marked by hand.",
)
QUESTION_WITHOUT_TESTS = Rule(
    "question-without-tests",
    "A question that is not marked by hand has no tests.",
    "Nothing decides its points. If it has any, people mark it, as if it were `manual: true`; if it "
    "has none, it is not graded.",
    "Write tests for it, mark it `manual: true`, or set `points: 0`.",
    Severity.WARNING,
)
POINTS_LIST_WITH_HIDDEN_TEST = Rule(
    "points-list-with-hidden-test",
    "A question gives its points as a list and has a hidden test.",
    "Otter removes the hidden tests from the students' test files, but assigns the points of the "
    "list to the remaining tests wrongly.",
    "Give each test its `points` in its own config.",
    Severity.WARNING,
)
POINTS_MISMATCH = Rule(
    "points-mismatch",
    "The points of the tests do not add up to the points of the question.",
    "Students would be told one number and could earn another.",
    "Change one of the two.",
)
MULTILINE_SOLUTION = Rule(
    "multiline-solution",
    "A line marked `# SOLUTION` belongs to a statement of several lines.",
    "Otter removes only the marked line. Students receive the other lines of the solution, which "
    "are often not valid Python.",
    "Put the statement on one line, or between `# BEGIN SOLUTION` and `# END SOLUTION`.",
)
UNMARKED_SOLUTION = Rule(
    "unmarked-solution",
    "A solution cell defines a name that the tests ask for, but no line is marked as solution.",
    "Students receive the cell as it is, with the answer in it.",
    "End the lines that are the solution with `# SOLUTION`.",
    Severity.WARNING,
)
SOLUTION_OUTSIDE_BLOCK = Rule(
    "solution-outside-block",
    "A cell outside of a solution block is marked as a solution.",
    "Otter removes solutions only inside of solution blocks, so students receive this one.",
    "Put the cell between raw cells with `# BEGIN SOLUTION` and `# END SOLUTION`.",
    Severity.WARNING,
)
INVALID_TEST_SETTING = Rule(
    "invalid-test-setting",
    "`hidden` or `points` of a test has a value of the wrong type.",
    'Any text counts as true, even `hidden: "false"`, and points that are no number cannot be added up.',
    "Write `true` or `false` for `hidden`, and a number for `points`.",
)
PUBLIC_TEST_WITH_POINTS = Rule(
    "public-test-with-points",
    "A test that gives points and has a `failure_message` is public, in a lab that has hidden tests.",
    "Students receive the test and read in it what it expects. A message for those who fail it is "
    "mostly written for a hidden test, and `hidden: true` may have been left out.",
    "Write `hidden: true` into the test's config, or `hidden: false` to say that students may read it.",
    Severity.WARNING,
)
TEST_SYNTAX_ERROR = Rule(
    "test-syntax-error",
    "The code of a test is not valid Python.",
    "Otter cannot write the test file.",
    "Correct the code.",
    why_fixed=IMPOSSIBLE,
)
UNQUOTED_MESSAGE = Rule(
    "unquoted-message",
    "A test's success or failure message has a double quote, a backslash or several lines.",
    "Otter writes the message into Python code without escaping it. The test file may be broken, "
    "or the message changed.",
    "Use single quotes and one line.",
    Severity.WARNING,
)
TEST_USES_CLOCK = Rule(
    "test-uses-clock",
    "A test reads the current time or date.",
    "The same submission would get different scores at different times.",
    "Compare with a fixed value instead.",
)
TEST_WITHOUT_FUNCTION = Rule(
    "test-without-function",
    "A test cell does not define a test function, although `ok_format` is false.",
    "With this setting, a test is a function that raises an exception if the answer is wrong.",
    "Define a function whose parameters are the names that it tests.",
)
SEVERAL_TEST_FUNCTIONS = Rule(
    "several-test-functions",
    "A test cell defines more than one function at its top level.",
    "Otter uses the first as the test and drops the other.",
    "Put helper functions inside of the test function.",
)
UNCALLED_TEST = Rule(
    "uncalled-test",
    "A test cell only defines functions, and nothing calls them.",
    "As a doctest, it would pass on every answer. Otter calls test functions by itself only with "
    "`tests: {ok_format: false}` in the assignment config.",
    "Set `ok_format: false` under `tests` in the assignment config, or call the function in the cell.",
)
DECORATED_DOCTEST = Rule(
    "decorated-doctest",
    "A test that is a doctest defines a function or class with a decorator.",
    "Otter writes the decorator as an example of its own, which is not valid Python: the test fails "
    "on every answer.",
    "Apply the decorator by a call (`f = decorator(f)`), or set `ok_format: false` under `tests` in the "
    "assignment config.",
    why_fixed=IMPOSSIBLE,
)
TEST_ENDS_PYTHON = Rule(
    "test-ends-python",
    "A test raises `SystemExit` or calls `exit()`, `quit()` or a similar function.",
    "Stock Otter then stops grading without a result. The build does not run such tests.",
    "Raise `AssertionError`, or use `assert`.",
    why_fixed=IMPOSSIBLE,
)
TEST_CANNOT_FAIL = Rule(
    "test-cannot-fail",
    "A test function contains nothing that could raise an exception.",
    "Every answer would pass, a wrong or a missing one too.",
    "Use `assert` to check the answer.",
)
DUPLICATE_TEST = Rule(
    "duplicate-test",
    "Two tests of a question have the same function name.",
    "Both are written into one test file, where the second definition replaces the first.",
    "Rename one of them.",
)

# ------------------------------------------------------------------------- splitting

SPLIT_FAILED = Rule(
    "split-failed",
    "Otter Assign cannot split the master notebook.",
    "Nothing can be built. The message quotes Otter's own.",
    "Correct what Otter names, such as an unknown key in the assignment config, broken Python "
    "in a test, or a missing `# END QUESTION`. `More points specified in test cases than allowed` can "
    "also mean two questions with the same name.",
    why_fixed=IMPOSSIBLE,
)
GENERATED_TEST_SYNTAX_ERROR = Rule(
    "generated-test-syntax-error",
    "The test file that Otter wrote for a question is not valid Python.",
    "The question could not be graded.",
    "Keep success and failure messages to one line without double quotes and backslashes.",
    why_fixed=IMPOSSIBLE,
)
MISSING_PICTURE = Rule(
    "missing-picture",
    "A Markdown cell shows a picture whose file does not exist.",
    "Students would see a broken picture.",
    "Put the file beside the master notebook, or correct the path.",
    Severity.WARNING,
)

# --------------------------------------------------------------------------- options

OPTION_WITHOUT_EFFECT = Rule(
    "option-without-effect",
    "`otter_config.json`, or `generate` in the master, sets an option that has no effect.",
    "Somebody may rely on it.",
    "Remove the option.",
    Severity.WARNING,
)

# -------------------------------------------------------------------- student folder

HIDDEN_TEST_EXPOSED = Rule(
    "hidden-test-exposed",
    "A file in the student folder contains a line of a hidden test.",
    "Students could read what the test expects.",
    "Remove the line from that file, or the file from `files` in the assignment config.",
    why_fixed=LEAK,
)
EXPECTED_OUTPUT_EXPOSED = Rule(
    "expected-output-exposed",
    "A data file in the student folder contains what a hidden doctest expects to be shown.",
    "Often that is how it should be: students look for it in the data. A file of answers would tell them.",
    "See that the file is data to work on, and not one of answers.",
    Severity.WARNING,
)
SOLUTION_EXPOSED = Rule(
    "solution-exposed",
    "A file in the student folder contains a line of a solution.",
    "Students could copy it.",
    "Remove the line from that file, or the file from `files` in the assignment config.",
    why_fixed=LEAK,
)
HIDDEN_TEST_SHOWN = Rule(
    "hidden-test-shown",
    "A given cell, or the public tests of the same question, show what a hidden test checks.",
    "Students read what is expected: a comparison with a literal such as `area(2) == 4`, as code, as a "
    "comment or in a text, the literal as the value of the name, or all statements of the test. That may "
    "be intended, as in an example.",
    "Remove it from the cell or the public test, or let the hidden test check another value.",
    Severity.WARNING,
)
ANSWER_GIVEN = Rule(
    "answer-given",
    "A given cell defines a name that is the answer to a question.",
    "If it is the answer, students receive it.",
    "Remove the definition, or give it another name.",
    Severity.WARNING,
)
GRADER_FILE_EXPOSED = Rule(
    "grader-file-exposed",
    "A file of the grader is in the student folder, perhaps under another name.",
    "Files in `autograder_files` often hold expected answers or held-out data.",
    "Remove the file from `files` in the assignment config.",
    why_fixed=LEAK,
)
FILE_IN_BOTH_LISTS = Rule(
    "file-in-both-lists",
    "A file of `autograder_files` is also in `files`, alone or with a folder.",
    "Students receive it. Tests find every file of `files`, so `autograder_files` is only needed for "
    "what students must not have, such as expected answers.",
    "Move the file out of what `files` names if it holds answers; otherwise remove it from "
    "`autograder_files`.",
    Severity.WARNING,
)
GRADER_DATA_EXPOSED = Rule(
    "grader-data-exposed",
    "An array in a students' file has rows in common with an array of the grader.",
    "A model could have been trained on the data that it is tested with.",
    "Remove these rows from the students' file.",
    why_fixed=LEAK,
)

# ---------------------------------------------------------------------- verification

MISSING_PACKAGE = Rule(
    "missing-package",
    "The lab imports a package that is not installed, or a file that is not the lab's.",
    "The solution cannot be verified.",
    "Run the command in the message. List packages under `requirements` in the assignment config, with "
    "a version if it matters: the upload installs what is listed there, and what the lab imports.",
)
GIVEN_CELL_RAISES = Rule(
    "given-cell-raises",
    "A cell that students receive as it is, outside of solutions, raises an exception.",
    "That may be intended, to show an exception. It is an error if the solution loses points.",
    "If it is intended, give the cell the tag `raises-exception`; nothing is reported then.",
    Severity.WARNING,
)
SOLUTION_RAISES = Rule(
    "solution-raises",
    "A solution cell raises an exception, or any cell runs too long or ends Python.",
    "The solutions would not run for staff, and points may be lost.",
    "Correct the cell, or the cells that it depends on.",
)
SOLUTION_LOSES_POINTS = Rule(
    "solution-loses-points",
    "The solution does not earn all points of a question.",
    "Students with a correct answer would not earn them either.",
    "Correct the test or the solution; the message names the failed tests.",
)
ZERO_POINT_TEST_FAILS = Rule(
    "zero-point-test-fails",
    "The solution fails a test that is worth no points.",
    "Students would see a failed test that nobody can pass.",
    "Correct the test or the solution.",
    Severity.WARNING,
)
SOLUTION_NOT_GRADED = Rule(
    "solution-not-graded",
    "The tests of a question could not be run on the solution.",
    "The notebook's process ended or ran too long before the question was reached.",
    "Find out which cell or test ends Python or does not come to an end.",
)
ORDER_DEPENDENT_TESTS = Rule(
    "order-dependent-tests",
    "Tests of a question fail when they are run again in reverse order.",
    "A test that changes the answer, or needs what another test has set, can judge a correct answer "
    "wrongly.",
    "Let each test work on a copy, and set up what it needs.",
)
BLANK_EARNS_POINTS = Rule(
    "blank-earns-points",
    "The student notebook earns all points of a question before it is answered.",
    "Points would be given for nothing.",
    "Make the named tests fail on an unanswered question, where names stand for `...`.",
)
BLANK_EARNS_PART = Rule(
    "blank-earns-part",
    "The student notebook earns a part of a question's points before it is answered.",
    "These points are given for nothing. That may be intended.",
    "If it is not, make the named tests fail on an unanswered question, where names stand for `...`.",
    Severity.WARNING,
)
BLANK_HAS_MISCONCEPTION = Rule(
    "blank-has-misconception",
    "The catalogue recognises a misconception in the unanswered student notebook.",
    "Students would read a hint about an answer that they have not given.",
    "Make the entry fit wrong answers only, not `...` and what empty functions return.",
    Severity.WARNING,
)
BLANK_RAISES = Rule(
    "blank-raises",
    "A cell of the unanswered student notebook raises an exception.",
    "Students meet this exception before they have answered. That may be intended.",
    "If it is not, let the cell run on unanswered questions as well.",
    Severity.WARNING,
)
UNPROTECTED_QUESTION = Rule(
    "unprotected-question",
    "The tests of a question have to run inside the students' process.",
    "They use something that cannot be sent to the grader, such as a figure or the whole environment. "
    "A student's code could read these tests and forge the marks of this question.",
    "Test numbers, text, arrays, functions or Keras models, or accept the risk.",
    Severity.WARNING,
)

# ------------------------------------------------------------------------ accessibility

PICTURE_WITHOUT_TEXT = Rule(
    "picture-without-text",
    "A picture has no alternative text.",
    "Students who do not see it, and those whose notebook does not show it, learn nothing of it (WCAG 2.1, "
    "1.1.1).",
    "Write what the picture shows between the square brackets of its Markdown, or into `alt` of `<img>`. "
    '`alt=""` says that it is decoration.',
    Severity.WARNING,
)
HEADING_JUMP = Rule(
    "heading-jump",
    "A heading is more than one level below the heading before it.",
    "Screen readers and tables of contents show what belongs to what by the levels (WCAG 2.1, 1.3.1).",
    "Use the next level, such as `###` below `##`.",
    Severity.WARNING,
)
LOW_CONTRAST = Rule(
    "low-contrast",
    "The colours of a text and its background, set in HTML, are too much alike.",
    "Many people cannot read it, nobody can in bright light (WCAG 2.1, 1.4.3: at least 4.5 to 1, and 3 to 1 "
    "in headings). Without a background of its own, a text is taken to stand on white.",
    "Choose a darker colour, or leave the colours out.",
    Severity.WARNING,
)

SECTIONS = {
    "Structure of the master notebook": (
        OLD_FORMAT,
        UNSUPPORTED_LANGUAGE,
        MARKER_NOT_RAW,
        UNKNOWN_MARKER,
        NO_QUESTIONS,
        INVALID_CONFIG,
        UNCLOSED_BLOCK,
        UNKNOWN_KEY,
        MEANINGLESS_KEY,
        INVALID_SETTING,
        MISSING_FILE,
        UNSUPPORTED_KEY,
        KEY_WITHOUT_EFFECT,
        QUESTION_WITHOUT_NAME,
        DUPLICATE_QUESTION,
        MANUAL_QUESTION_WITH_TESTS,
        QUESTION_WITHOUT_TESTS,
        POINTS_LIST_WITH_HIDDEN_TEST,
        POINTS_MISMATCH,
        MULTILINE_SOLUTION,
        UNMARKED_SOLUTION,
        SOLUTION_OUTSIDE_BLOCK,
        INVALID_TEST_SETTING,
        TEST_SYNTAX_ERROR,
        UNQUOTED_MESSAGE,
        TEST_USES_CLOCK,
        TEST_WITHOUT_FUNCTION,
        SEVERAL_TEST_FUNCTIONS,
        UNCALLED_TEST,
        DECORATED_DOCTEST,
        TEST_ENDS_PYTHON,
        TEST_CANNOT_FAIL,
        DUPLICATE_TEST,
    ),
    "Splitting": (SPLIT_FAILED, GENERATED_TEST_SYNTAX_ERROR, MISSING_PICTURE),
    "Options": (OPTION_WITHOUT_EFFECT,),
    "Student folder": (
        HIDDEN_TEST_EXPOSED,
        SOLUTION_EXPOSED,
        GRADER_FILE_EXPOSED,
        GRADER_DATA_EXPOSED,
    ),
    "Answers that may be given to students": (
        PUBLIC_TEST_WITH_POINTS,
        HIDDEN_TEST_SHOWN,
        EXPECTED_OUTPUT_EXPOSED,
        ANSWER_GIVEN,
        FILE_IN_BOTH_LISTS,
    ),
    "Accessibility": (PICTURE_WITHOUT_TEXT, HEADING_JUMP, LOW_CONTRAST),
    "Verification": (
        MISSING_PACKAGE,
        GIVEN_CELL_RAISES,
        SOLUTION_RAISES,
        SOLUTION_LOSES_POINTS,
        ZERO_POINT_TEST_FAILS,
        SOLUTION_NOT_GRADED,
        ORDER_DEPENDENT_TESTS,
        BLANK_EARNS_POINTS,
        BLANK_EARNS_PART,
        BLANK_HAS_MISCONCEPTION,
        BLANK_RAISES,
        UNPROTECTED_QUESTION,
    ),
}
RULES = {rule.id: rule for section in SECTIONS.values() for rule in section}

_INTRODUCTION = """\
# Rules of the build

<!-- Written by docs/generate.py. -->

Each error or warning of `ottermark build` is one sentence that names the file, the cell (counted
from 1 in the master notebook, raw and Markdown cells too), the question and the fix, and ends with
the id of its rule in brackets:

```text
Error: assignment/lab.ipynb, cell 10 (q1): the key 'hiden' means nothing to Otter; write 'hidden'. [unknown-key]
```

An error is what makes marks wrong, shows what is hidden, or cannot run. It stops the build: all errors
are reported together, and nothing is written. All else is a warning, which does not stop it.

## Setting levels

| where | effect |
|---|---|
| `"rules": {"blank-raises": "off"}` in `otter_config.json` | sets the level of a rule for the lab: `error`, `warning` or `off` |
| `# ottermark: allow blank-raises` in a cell | the rule is silent about this cell; several rules are separated by commas. In a cell of a question it also counts for what is reported of the question as a whole. In Markdown, write `<!-- ottermark: allow RULE -->`. The comment is removed from what students receive |
| `ottermark build --strict` | makes errors of warnings |
| `ottermark build --allow RULE` | makes a warning of an error, also with `--strict`; may be given several times |

The level of some rules is fixed, as the table says. Those about what students must not receive can only
be silenced in the cell with the line in question, which is then known to be no secret.

"""


def page() -> str:
    """Return the page that lists the rules, as Markdown."""
    parts = [_INTRODUCTION, "| rule | level | reported if |\n|---|---|---|"]
    for rule in RULES.values():
        parts.append(f"| [{rule.id}](#{rule.id}) | {_level(rule)} | {rule.summary} |")
    parts.append("")
    for title, section in SECTIONS.items():
        parts.append(f"## {title}\n")
        for rule in section:
            parts.append(f"### {rule.id}\n")
            parts.append(f"{rule.summary} Level: {_level(rule)}.\n")
            parts.append(f"**Why it matters.** {rule.why}\n")
            parts.append(f"**How to fix it.** {rule.fix}\n")
    return "\n".join(parts)


def _level(rule: Rule) -> str:
    return f"{rule.severity.value}, fixed" if rule.why_fixed else rule.severity.value
