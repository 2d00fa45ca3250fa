package io.daybook.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The git that is installed, on one repository. What a user has configured for its output to people is overruled. */
final class Git {

    private static final List<String> PLAIN = List.of("-c", "color.ui=false", "-c", "log.showSignature=false", "-c", "diff.relative=false",
        // Before git 2.31 a merge shows nothing in a first-parent log unless -m is given, and -m then obeys this setting.
        "-c", "log.diffMerges=separate");

    private final Path folder;

    Git(Path folder) {
        this.folder = folder;
    }

    /** Why there is nothing to read here, or null if there is. */
    String problem() throws IOException {
        Answer answer;
        try {
            answer = ask("rev-parse", "--git-dir");
        } catch (IOException e) {
            return "git cannot be started";
        }
        if (answer.exitCode != 0) return answer.text.lines().findFirst().orElse("git fails");
        return ask("rev-parse", "--verify", "HEAD^{commit}").exitCode == 0 ? null : "the repository has no commit";
    }

    /** Id of the newest commit. */
    String head() throws IOException {
        return asked("rev-parse", "--verify", "HEAD^{commit}");
    }

    /** Number of commits from the first one to this one, along first parents. */
    long commits(String head) throws IOException {
        return Long.parseLong(asked("rev-list", "--count", "--first-parent", head));
    }

    /** What every commit up to this one did, oldest first. */
    GitOutput log(String head) throws IOException {
        return GitOutput.of(start("log", "-m", "--first-parent", "--reverse", "--root", "--raw", "-z", "--no-renames", "--no-abbrev",
            "--ignore-submodules=none", "--format=commit %H %ct", head, "--"));
    }

    /** The tree of a commit. */
    GitOutput tree(String commit) throws IOException {
        return GitOutput.of(start("ls-tree", "-r", "-z", "--full-tree", commit));
    }

    private String asked(String... arguments) throws IOException {
        Answer answer = ask(arguments);
        if (answer.exitCode != 0) {
            throw new Failure("git failed: command=" + arguments[0] + " exitCode=" + answer.exitCode + " problem=" + answer.text);
        }
        return answer.text;
    }

    private Answer ask(String... arguments) throws IOException {
        Process process = builder(arguments).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return new Answer(GitOutput.exitCode(process), text);
    }

    private Process start(String... arguments) throws IOException {
        Process process = builder(arguments).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        process.getOutputStream().close();
        return process;
    }

    private ProcessBuilder builder(String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(PLAIN);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    private record Answer(int exitCode, String text) {
    }
}
