BEGIN TRANSACTION;
CREATE TABLE graders (grader TEXT PRIMARY KEY, parts TEXT NOT NULL);
INSERT INTO "graders" VALUES('4e02371ce8d9e054f81dc950ffa8b42b3263ad62a94f923be510f972841f9f50','{"questions.json": "29ac50552850823d1c398a758d3183b3ddd6737200cd72da454bde62c7bb0e6a", "files/data/numbers.csv": "7a8988e95e356e2b5b8fecf5e31f7c2e7e8fb44a5cd9d89ebb0d1e60b1f5c689", "files/held_back/answers.csv": "0f9b5ded6257b944cd286b6578de741f18c3fe3809bab11f4de26fcbd27fe101", "installer.txt": "2672e522a111d7bba195f3fa1b9f17c25428d3f4dfa2009313ad8b365b57e4b9", "otter_config.json": "ca3d163bab055381827226140568f3bef7eaac187cebd76878e0b63e9e442356", "requirements.txt": "fd34df1419ed100729d0424ce09a5c155e6e26236699115c5a5af3f2a4283479", "run_autograder": "1b2543c4f7b266092fdb877e57f3e185ea1b57677b8e3d233506aa0f2a3b290c", "run_otter.py": "43134807d35ab723c6cbe43c47548513576c400c5ffe747cc9a90dea3f526bb0", "setup.sh": "1d92a92cff010973b43b472585be77799b9cb39c14d8882938ab32d8e711037f", "tests/q1.py": "d673beb12c5a4df71843d1a1106571ef1f41fa8597ef4032a9ecf46465c4f7d0", "tests/q2.py": "885375b14e31d51534f0f4a050fef77ac5ee7dd99e896aecf0dd48edfbb7b512", "ottermark": "0e380096da21916e562026599d38d232bd88e6d1e55d36aa7f58ec432045644a", "the texts of the questions": "76d066fd4ebd54362db9754a11a09de0f173b6756e470e7ca99c881250694668", "the limits": "Limits(cell=240, call=30, run=900, cores=2, memory=2147483648, processes=96, open_files=256, file=268435456, disk=536870912, files=10000)", "--isolation": "None"}');
CREATE TABLE results (
    submission TEXT, sheet TEXT, grader TEXT, body TEXT NOT NULL, sum TEXT NOT NULL,
    PRIMARY KEY (submission, sheet, grader)
);
INSERT INTO "results" VALUES('ann','e6aa5930207c54ea6fe4ab73c09262078483ac220bdd7e597dff26381324da52','4e02371ce8d9e054f81dc950ffa8b42b3263ad62a94f923be510f972841f9f50','{
 "score": 6.0,
 "execution_time": 0.09,
 "output_format": "md",
 "test_output_format": "md",
 "visibility": "visible",
 "stdout_visibility": "hidden",
 "tests": [
  {
   "name": "How your notebook ran",
   "output": "Every cell ran.\n\nYour cells took 0 seconds. A cell may take 240, the whole notebook 900, and it may use 2,048 MB of memory beyond its imports.\n\nWritten questions without an answer: q3 (of 1).\n\nThe notebook ran walled off from the grader, in namespaces of its own.",
   "status": "passed",
   "visibility": "visible"
  },
  {
   "name": "q1: the form of your answer",
   "output": "It can be read; whether it is right shows later.",
   "status": "passed",
   "visibility": "visible"
  },
  {
   "name": "q1",
   "number": "q1",
   "score": 2.0,
   "max_score": 2,
   "status": "passed",
   "output": "All tests passed.",
   "visibility": "hidden"
  },
  {
   "name": "q2: the form of your answer",
   "output": "It can be read; whether it is right shows later.",
   "status": "passed",
   "visibility": "visible"
  },
  {
   "name": "q2",
   "number": "q2",
   "score": 4.0,
   "max_score": 4,
   "status": "passed",
   "output": "All tests passed.",
   "visibility": "hidden"
  },
  {
   "name": "q3: a written answer, 3 points, marked by hand",
   "output": "There is no answer yet. Write it below the question, save, and hand in again.",
   "status": "failed",
   "visibility": "visible"
  }
 ],
 "extra_data": {
  "ottermark": "0.1.0",
  "assignment": "tiny",
  "submission": "ann",
  "status": "graded",
  "isolation": "userns",
  "unprotected": [],
  "seconds": 0.1,
  "max_score": 6.0,
  "problems": [],
  "written": {
   "q3": {
    "state": "empty",
    "answer": ""
   }
  },
  "key": "e6aa5930207c54ea6fe4ab73c09262078483ac220bdd7e597dff26381324da52 4e02371ce8d9e054f81dc950ffa8b42b3263ad62a94f923be510f972841f9f50"
 }
}
','69fd8a2eedae909c27b8d5b6d1fc4c3ddbc0ccae50257ee5955d061c9b7f022f');
INSERT INTO "results" VALUES('bob','17f13101b2ef720ef47f7bcb9b11e8a07e0b1425aad82504bf5918955f37502a','4e02371ce8d9e054f81dc950ffa8b42b3263ad62a94f923be510f972841f9f50','{
 "score": 4.0,
 "execution_time": 0.14,
 "output_format": "md",
 "test_output_format": "md",
 "visibility": "visible",
 "stdout_visibility": "hidden",
 "tests": [
  {
   "name": "How your notebook ran",
   "output": "Every cell ran.\n\nYour cells took 0 seconds. A cell may take 240, the whole notebook 900, and it may use 2,048 MB of memory beyond its imports.\n\nWritten questions without an answer: q3 (of 1).\n\nThe notebook ran walled off from the grader, in namespaces of its own.",
   "status": "passed",
   "visibility": "visible"
  },
  {
   "name": "q1: the form of your answer",
   "output": "It can be read; whether it is right shows later.",
   "status": "passed",
   "visibility": "visible"
  },
  {
   "name": "q1",
   "number": "q1",
   "score": 0.0,
   "max_score": 2,
   "status": "failed",
   "output": "- ❌ (2 points) Count the places of the window again.",
   "visibility": "hidden",
   "extra_data": {
    "misconceptions": [],
    "look": [],
    "fails_on": {},
    "unexplained": {
     "pair": "(5, 4)"
    }
   }
  },
  {
   "name": "q2: the form of your answer",
   "output": "It can be read; whether it is right shows later.",
   "status": "passed",
   "visibility": "visible"
  },
  {
   "name": "q2",
   "number": "q2",
   "score": 4.0,
   "max_score": 4,
   "status": "passed",
   "output": "All tests passed.",
   "visibility": "hidden"
  },
  {
   "name": "q3: a written answer, 3 points, marked by hand",
   "output": "There is no answer yet. Write it below the question, save, and hand in again.",
   "status": "failed",
   "visibility": "visible"
  }
 ],
 "extra_data": {
  "ottermark": "0.1.0",
  "assignment": "tiny",
  "submission": "bob",
  "status": "graded",
  "isolation": "userns",
  "unprotected": [],
  "seconds": 0.16,
  "max_score": 6.0,
  "problems": [],
  "written": {
   "q3": {
    "state": "empty",
    "answer": ""
   }
  },
  "key": "17f13101b2ef720ef47f7bcb9b11e8a07e0b1425aad82504bf5918955f37502a 4e02371ce8d9e054f81dc950ffa8b42b3263ad62a94f923be510f972841f9f50"
 }
}
','f505b5ed5752cb947478a99aed9f1090406b198314456b4e93b192f92bd70d52');
INSERT INTO "results" VALUES('dora','52ec729c3edd1447bae5c24df21cca1aa57e11d011e9ecff3d776def3c3c06e0','4e02371ce8d9e054f81dc950ffa8b42b3263ad62a94f923be510f972841f9f50','{
 "score": 0.0,
 "execution_time": 0.0,
 "output_format": "md",
 "test_output_format": "md",
 "visibility": "visible",
 "stdout_visibility": "hidden",
 "tests": [
  {
   "name": "This file could not be graded",
   "output": "dora.ipynb is not a notebook: it cannot be read as JSON; download the notebook again as .ipynb and hand that in.",
   "status": "failed",
   "visibility": "visible"
  },
  {
   "name": "q1: the form of your answer",
   "output": "It cannot be read.",
   "status": "failed",
   "visibility": "visible"
  },
  {
   "name": "q1",
   "number": "q1",
   "score": 0.0,
   "max_score": 2,
   "status": "failed",
   "output": "",
   "visibility": "hidden"
  },
  {
   "name": "q2: the form of your answer",
   "output": "It cannot be read.",
   "status": "failed",
   "visibility": "visible"
  },
  {
   "name": "q2",
   "number": "q2",
   "score": 0.0,
   "max_score": 4,
   "status": "failed",
   "output": "",
   "visibility": "hidden"
  }
 ],
 "extra_data": {
  "ottermark": "0.1.0",
  "assignment": "tiny",
  "submission": "dora",
  "status": "rejected",
  "isolation": "",
  "unprotected": [],
  "seconds": 0.0,
  "max_score": 6.0,
  "problems": [],
  "written": {},
  "key": "52ec729c3edd1447bae5c24df21cca1aa57e11d011e9ecff3d776def3c3c06e0 4e02371ce8d9e054f81dc950ffa8b42b3263ad62a94f923be510f972841f9f50"
 }
}
','3cf75b7b30fd62d2b63fda4f4a1cc8406a70a09a8b326d77c94fa996e852d40c');
INSERT INTO "results" VALUES('cem','3719389472564c043da6985feaf63ae3b49d2b6ceaa4e26e8849f23507936fe2','4e02371ce8d9e054f81dc950ffa8b42b3263ad62a94f923be510f972841f9f50','{
 "score": 2.0,
 "execution_time": 0.15,
 "output_format": "md",
 "test_output_format": "md",
 "visibility": "visible",
 "stdout_visibility": "hidden",
 "tests": [
  {
   "name": "How your notebook ran",
   "output": "- Cell 3, line 2 raised ZeroDivisionError: `division by zero`\n\nYour cells took 0 seconds. A cell may take 240, the whole notebook 900, and it may use 2,048 MB of memory beyond its imports.\n\nWritten questions without an answer: q3 (of 1).\n\nThe notebook ran walled off from the grader, in namespaces of its own.",
   "status": "failed",
   "visibility": "visible"
  },
  {
   "name": "q1: the form of your answer",
   "output": "It can be read; whether it is right shows later.",
   "status": "passed",
   "visibility": "visible"
  },
  {
   "name": "q1",
   "number": "q1",
   "score": 2.0,
   "max_score": 2,
   "status": "passed",
   "output": "All tests passed.",
   "visibility": "hidden"
  },
  {
   "name": "q2: the form of your answer",
   "output": "It can be read; whether it is right shows later.",
   "status": "passed",
   "visibility": "visible"
  },
  {
   "name": "q2",
   "number": "q2",
   "score": 0.0,
   "max_score": 4,
   "status": "failed",
   "output": "- ❌ (1 point) A hidden test did not pass.\n- ❌ (3 points) Does double work on a whole array?",
   "visibility": "hidden",
   "extra_data": {
    "misconceptions": [],
    "look": [],
    "fails_on": {},
    "unexplained": {
     "double": "a function"
    }
   }
  },
  {
   "name": "q3: a written answer, 3 points, marked by hand",
   "output": "There is no answer yet. Write it below the question, save, and hand in again.",
   "status": "failed",
   "visibility": "visible"
  }
 ],
 "extra_data": {
  "ottermark": "0.1.0",
  "assignment": "tiny",
  "submission": "cem",
  "status": "graded",
  "isolation": "userns",
  "unprotected": [],
  "seconds": 0.16,
  "max_score": 6.0,
  "problems": [
   {
    "cell": 3,
    "text": "Cell 3, line 2 raised ZeroDivisionError: `division by zero`"
   }
  ],
  "written": {
   "q3": {
    "state": "empty",
    "answer": ""
   }
  },
  "key": "3719389472564c043da6985feaf63ae3b49d2b6ceaa4e26e8849f23507936fe2 4e02371ce8d9e054f81dc950ffa8b42b3263ad62a94f923be510f972841f9f50"
 }
}
','fd12c4842a87ba57c524e97b33563ce391757783f11f8e8e2535764e8373f449');
CREATE TABLE standing (
    submission TEXT PRIMARY KEY, sheet TEXT NOT NULL, grader TEXT NOT NULL
);
INSERT INTO "standing" VALUES('ann','e6aa5930207c54ea6fe4ab73c09262078483ac220bdd7e597dff26381324da52','4e02371ce8d9e054f81dc950ffa8b42b3263ad62a94f923be510f972841f9f50');
INSERT INTO "standing" VALUES('bob','17f13101b2ef720ef47f7bcb9b11e8a07e0b1425aad82504bf5918955f37502a','4e02371ce8d9e054f81dc950ffa8b42b3263ad62a94f923be510f972841f9f50');
INSERT INTO "standing" VALUES('dora','52ec729c3edd1447bae5c24df21cca1aa57e11d011e9ecff3d776def3c3c06e0','4e02371ce8d9e054f81dc950ffa8b42b3263ad62a94f923be510f972841f9f50');
INSERT INTO "standing" VALUES('cem','3719389472564c043da6985feaf63ae3b49d2b6ceaa4e26e8849f23507936fe2','4e02371ce8d9e054f81dc950ffa8b42b3263ad62a94f923be510f972841f9f50');
COMMIT;
