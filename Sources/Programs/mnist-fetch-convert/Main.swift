import FetchConvertCommands
import MNISTCommands

@main enum Main {
  static func main() {
    Program.run(FetchConvertCommand.self)
  }
}
