using System.Globalization;
using System.Text.Json;

namespace Urllib4.Benchmarks;

/// <summary>The run of the questions, from the options to what is printed.</summary>
internal static class Comparison
{
    public static void Run(RunOptions options)
    {
        IReadOnlyList<Question> questions = AllQuestions.For(options);
        var results = new Results();
        using (var sessions = new Sessions(options))
        {
            foreach (Measurement measurement in sessions.Run(questions))
            {
                results.Add(measurement);
                if (options.IsJson)
                    Console.WriteLine(JsonSerializer.Serialize(measurement));
                else
                    Console.Error.Write('.');
            }
        }

        if (options.IsJson)
            PrintVerdicts(questions, results);
        else
            Report.Print(questions, results, Console.Out);
        if (options.Plot is { } file)
            File.WriteAllText(file, Plot.Draw(questions, results));
    }

    /// <summary>Sends so many requests, for whoever watches the process from outside.</summary>
    public static void Send(Session session, string client, string count)
    {
        using OwnVariant variant = session.Own(Enum.Parse<Clients>(client));
        variant.Send(int.Parse(count, CultureInfo.InvariantCulture));
    }

    private static void PrintVerdicts(IReadOnlyList<Question> questions, Results results)
    {
        foreach (Question question in questions)
        {
            foreach (Goal goal in question.Goals)
            {
                var verdict = new { question.Number, Goal = goal, Judged = results.Judged(goal), Reached = results.Verdict(goal) };
                Console.WriteLine(JsonSerializer.Serialize(verdict));
            }
        }
    }
}
