/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions, answers and ports that pass through the gate. */
#include "config.h"

#include "flash-job-gate.h"

static void
test_names (void)
{
  static const char *const names[] = { "none", "patience", "rom", "gone" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    g_assert_cmpstr (flash_job_question_get_name ((FlashJobQuestion) i), ==, names[i]);
}

static void
test_question (void)
{
  g_autoptr (FlashJobGate) gate = flash_job_gate_new ();

  g_assert_cmpint (flash_job_gate_get_question (gate), ==, FLASH_JOB_QUESTION_NONE);
  /* Nobody has asked. */
  flash_job_gate_answer (gate, FLASH_JOB_QUESTION_PATIENCE, FLASH_JOB_ANSWER_GO_ON);
  flash_job_gate_answer (gate, FLASH_JOB_QUESTION_NONE, FLASH_JOB_ANSWER_GO_ON);
  g_assert_cmpint (flash_job_gate_get_answer (gate), ==, FLASH_JOB_ANSWER_NONE);

  flash_job_gate_ask (gate, FLASH_JOB_QUESTION_PATIENCE);
  g_assert_cmpint (flash_job_gate_get_question (gate), ==, FLASH_JOB_QUESTION_PATIENCE);
  g_assert_cmpint (flash_job_gate_get_answer (gate), ==, FLASH_JOB_ANSWER_NONE);
  flash_job_gate_answer (gate, FLASH_JOB_QUESTION_PATIENCE, FLASH_JOB_ANSWER_GIVE_UP);
  g_assert_cmpint (flash_job_gate_get_answer (gate), ==, FLASH_JOB_ANSWER_GIVE_UP);

  /* The answer to one question is none to the next. */
  flash_job_gate_ask (gate, FLASH_JOB_QUESTION_ROM);
  g_assert_cmpint (flash_job_gate_get_answer (gate), ==, FLASH_JOB_ANSWER_NONE);
  /* Nor is one that was meant for another question. */
  flash_job_gate_answer (gate, FLASH_JOB_QUESTION_PATIENCE, FLASH_JOB_ANSWER_GO_ON);
  g_assert_cmpint (flash_job_gate_get_answer (gate), ==, FLASH_JOB_ANSWER_NONE);
  flash_job_gate_answer (gate, FLASH_JOB_QUESTION_ROM, FLASH_JOB_ANSWER_GO_ON);
  g_assert_cmpint (flash_job_gate_get_answer (gate), ==, FLASH_JOB_ANSWER_GO_ON);
  flash_job_gate_ask (gate, FLASH_JOB_QUESTION_NONE);
  g_assert_cmpint (flash_job_gate_get_question (gate), ==, FLASH_JOB_QUESTION_NONE);
  g_assert_cmpint (flash_job_gate_get_answer (gate), ==, FLASH_JOB_ANSWER_NONE);
}

static void
test_port (void)
{
  g_autoptr (FlashJobGate) gate = flash_job_gate_new ();
  g_autoptr (FlashJobGate) other = flash_job_gate_ref (gate);
  g_autofree char *port = NULL;

  g_assert_null (flash_job_gate_take_port (gate));
  flash_job_gate_move (other, "1-2");
  flash_job_gate_move (other, "1-3");
  port = flash_job_gate_take_port (gate);
  g_assert_cmpstr (port, ==, "1-3");
  g_assert_null (flash_job_gate_take_port (gate));
  /* One that nobody takes is freed with the gate. */
  flash_job_gate_move (gate, "1-4");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/job-gate/names", test_names);
  g_test_add_func ("/job-gate/question", test_question);
  g_test_add_func ("/job-gate/port", test_port);
  return g_test_run ();
}
