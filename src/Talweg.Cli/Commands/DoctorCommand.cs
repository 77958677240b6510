using System.CommandLine;
using Talweg.Cli.Diagnosis;
using Talweg.Cli.Inputs;
using Talweg.Cli.Rendering;

namespace Talweg.Cli.Commands;

/// <summary><c>talweg doctor</c>: what is installed, and whether it works here.</summary>
internal static class DoctorCommand
{
    public static Command Of(Session session)
    {
        var root = DataOptions.RootOption();
        var json = CommonOptions.Json();
        var command = new Command("doctor", "What is installed, and whether it works here") { root, json };
        command.SetAction(parsed =>
        {
            var symptoms = Examination.Run(parsed.GetValue(root));
            bool works = symptoms.All(symptom => symptom.Health != Health.Broken);
            if (parsed.GetValue(json))
                session.Terminal.Out.WriteLine(Document(symptoms, works));
            else
                Print(session, symptoms, works);
            return works ? ExitCode.Success : ExitCode.Failure;
        });
        return command;
    }

    private static void Print(Session session, IReadOnlyList<Symptom> symptoms, bool works)
    {
        var table = Tables.OfWords("", "what", "found");
        foreach (var symptom in symptoms)
            table.Add(Mark(symptom.Health), symptom.Name, symptom.Finding);
        session.Terminal.Console.Write(table);
        session.Terminal.Console.Line(works ? "All that Talweg needs works here." : "Something that Talweg needs does not work here.");
    }

    private static string Mark(Health health) => health switch
    {
        Health.Works => "ok",
        Health.Remark => "note",
        _ => "broken",
    };

    private static string Document(IReadOnlyList<Symptom> symptoms, bool works) => JsonText.Of(json =>
    {
        json.WriteBoolean("works", works);
        json.Objects("checks", symptoms, symptom =>
        {
            json.WriteString("name", symptom.Name);
            json.WriteString("status", Mark(symptom.Health));
            json.WriteString("found", symptom.Finding);
        });
    });
}
